import { simpleParser } from 'mailparser';
import { assert, asyncProperty, constantFrom, oneof, string } from 'fast-check';
import { expect, test } from 'vitest';
import type { Letter } from '../../../channels/channel.ts';
import { composeEmail } from '../../../channels/email/compose.ts';
import { idOfMail } from '../../../channels/email/message-id.ts';
import { isOneAddress } from '../../../channels/email/safe-text.ts';
import { threadId } from '../../../channels/email/thread.ts';
import type { PersonId } from '../../../domain/id.ts';
import { render } from '../../../locales/render.ts';
import { readers, valuesWith } from '../../support/readers.ts';

const from = { name: 'Meridian', address: 'meridian@example.test' };
const event = {
  uid: 'task.1',
  sequence: 3,
  time: { from: Date.UTC(2027, 0, 5, 9) },
  isBusy: true,
  summary: 'Übergabe; heute, sofort\r\nATTENDEE:mailto:all@example.test',
};

const letter = (changes: Partial<Letter> = {}, reader = readers.berlin): Letter => ({
  messageId: 'notice.1',
  to: { name: 'Aiko Sato', address: 'aiko@example.test' },
  recipient: reader,
  rendered: render('handoff.offered', valuesWith('St. Hedwig'), reader),
  link: 'https://meridian.test/tasks/7f1c',
  at: Date.UTC(2027, 0, 4, 8),
  ...changes,
});
const bytesOf = async (one: Letter) => Buffer.from(await composeEmail(one, { from }));
const parsed = async (one: Letter) => simpleParser(await bytesOf(one));

const everything = {
  event,
  thread: threadId('handoff/7f1c', 'aiko' as PersonId),
  unsubscribe: { url: 'https://meridian.test/unsubscribe/aiko.x' },
};

test('a mail with a calendar file, a thread and an unsubscription is the same bytes each time', async () => {
  const [first, second] = [await bytesOf(letter(everything)), await bytesOf(letter(everything))];
  expect(first.equals(second)).toBe(true);
});

test('mails of one loop to one person are one thread, and to another person another', async () => {
  const mails = await Promise.all([
    parsed(letter({ messageId: 'a.1', thread: threadId('loop', 'aiko' as PersonId) })),
    parsed(letter({ messageId: 'b.1', thread: threadId('loop', 'aiko' as PersonId) })),
    parsed(letter({ messageId: 'c.1', thread: threadId('loop', 'jonas' as PersonId) })),
  ]);
  const [first, second, other] = mails.map(({ inReplyTo }) => inReplyTo);
  expect(first).toMatch(/^<thread\.[0-9a-f]{32}@example\.test>$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect(mails.map(({ references }) => references)).toEqual([first, second, other]);
});

test('only a letter that may be unsubscribed from says how', async () => {
  const digest = await bytesOf(letter({ unsubscribe: everything.unsubscribe }));
  const unfolded = digest.toString('latin1').replaceAll(/\r\n[ \t]/g, ' ');
  expect(unfolded).toContain('List-Unsubscribe: <https://meridian.test/unsubscribe/aiko.x>\r\n');
  expect(unfolded).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  expect((await bytesOf(letter())).toString('latin1')).not.toContain('List-Unsubscribe');
});

test.for(Object.entries(readers))(
  'the calendar file to %s is of the wall clock of that reader and of no one else',
  async ([, reader]) => {
    const mail = await parsed(letter({ event }, reader));
    const [file, ...others] = mail.attachments;
    expect(others).toEqual([]);
    expect(file?.contentType).toBe('text/calendar');
    const text = file?.content.toString().replaceAll(/\r\n /g, '') ?? '';
    expect(text).toContain('METHOD:PUBLISH');
    expect(text).toContain('DTSTAMP:20270104T080000Z');
    expect(text).toContain(`TZID:${reader.zone}`);
    const wall = new Date(event.time.from).toLocaleString('sv', { timeZone: reader.zone });
    expect(text).toContain(
      `DTSTART;TZID=${reader.zone}:${wall.replaceAll(/[-:]/g, '').replace(' ', 'T')}`,
    );
    expect(text).not.toMatch(/^ATTENDEE/m);
  },
);

test.for(Object.entries(readers))(
  'what is called off is withdrawn from the calendar of %s by a file of its own, under the same id',
  async ([, reader]) => {
    const off = { ...event, uid: 'task.2', sequence: 9, isCancelled: true };
    const withdrawn = [off, { ...off, uid: 'task.3', isCancelled: false }];
    const mail = await parsed(letter({ event, withdrawn }, reader));
    const files = mail.attachments.map(({ content, filename }) => {
      const text = content.toString().replaceAll(/\r\n /g, '');
      const line = (name: string) => new RegExp(`^${name}[:;](.*)\r$`, 'm').exec(text)?.[1];
      const lines = ['METHOD', 'UID', 'SEQUENCE', 'STATUS', 'ORGANIZER'].map(line);
      expect(text).toContain(`DTSTART;TZID=${reader.zone}`);
      return [filename, ...lines];
    });
    const organizer = 'CN="Meridian":mailto:meridian@example.test';
    expect(files).toEqual([
      ['event.ics', 'PUBLISH', 'task.1', '3', undefined, organizer],
      ['event-2.ics', 'CANCEL', 'task.2', '9', 'CANCELLED', organizer],
      ['event-3.ics', 'PUBLISH', 'task.3', '9', undefined, organizer],
    ]);
    const again = letter({ event, withdrawn }, reader);
    expect((await bytesOf(again)).equals(await bytesOf(again))).toBe(true);
  },
);

test('what is held for days is in the calendar as whole days or hours, and its reader stays free', async () => {
  const linesOf = async (time: NonNullable<Letter['event']>['time']) => {
    const mail = await parsed(letter({ event: { ...event, time, isBusy: false } }));
    return mail.attachments[0]?.content.toString().split('\r\n');
  };
  const days = await linesOf({ firstDay: '2027-03-01', lastDay: '2027-03-12' });
  expect(days).toEqual(
    expect.arrayContaining([
      'DTSTART;VALUE=DATE:20270301',
      'DTEND;VALUE=DATE:20270313',
      'TRANSP:TRANSPARENT',
    ]),
  );
  const { from: begins } = event.time;
  const hours = await linesOf({ from: begins, until: begins + 3_600_000 });
  expect(hours).toEqual(
    expect.arrayContaining([
      'DTSTART;TZID=Europe/Berlin:20270105T100000',
      'DTEND;TZID=Europe/Berlin:20270105T110000',
      'TRANSP:TRANSPARENT',
    ]),
  );
});

const hostile = oneof(
  string({ unit: 'binary', maxLength: 300 }),
  constantFrom(
    'Eve\r\nBcc: all@example.test',
    'Sato, Aiko <all@example.test>',
    'S'.repeat(200),
    `x${'\u0301'.repeat(10_000)}`,
    '\u202Etset.elpmaxe@lla',
    '👩‍👩‍👧‍👦'.repeat(300),
  ),
);

test('whatever a name or a subject is, it makes no header, no recipient and no long line', async () => {
  await assert(
    asyncProperty(hostile, hostile, async (name, subject) => {
      const rendered = { subject, text: 'x', html: '<p>x</p>' };
      const bytes = await bytesOf(letter({ to: { name, address: 'aiko@example.test' }, rendered }));
      const mail = await simpleParser(bytes);
      const to = [mail.to ?? []].flat().flatMap(({ value }) => value);
      expect(to.map(({ address }) => address)).toEqual(['aiko@example.test']);
      expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
      expect(`${mail.subject}${to[0]?.name}`).not.toMatch(/[\u202A-\u202E]/u);
      const [head = ''] = bytes.toString('latin1').split('\r\n\r\n');
      expect(Math.max(...head.split('\r\n').map(({ length }) => length))).toBeLessThan(998);
      expect(head.length).toBeLessThan(60_000);
    }),
    { numRuns: 60 },
  );
});

test.for([
  ['aiko@example.test', true],
  ['あいこ@例え.テスト', true],
  ['a@example.test,b@example.test', false],
  ['a@example.test;b@example.test', false],
  ['Aiko <a@example.test>', false],
  ['a@b@example.test', false],
  ['a@example.test\r\nRCPT TO:<b@example.test>', false],
  ['\u202Ea@example.test', false],
  [`${'a'.repeat(250)}@example.test`, false],
] as const)('%j is one address: %s', ([address, isOne]) => {
  expect(isOneAddress(address)).toBe(isOne);
});

test('a mail proves itself by its id, and whoever has only seen its message cannot tell it', async () => {
  const proofSecret = 'what proves whose mail it was';
  const mail = await simpleParser(Buffer.from(await composeEmail(letter(), { from, proofSecret })));
  const { messageId = '' } = mail;
  expect(messageId).toMatch(/^<notice\.1\.[0-9a-z]{25}@example\.test>$/);
  expect(idOfMail(proofSecret, messageId)).toBe('notice.1');
  expect(idOfMail('another secret', messageId)).toBeNull();
  const wrong = ['', '<>', 'notice.1', '<notice.1@example.test>', `notice.1.${'0'.repeat(25)}`];
  const other = messageId.replace('notice.1', 'notice.2');
  for (const one of [...wrong, other, 'é'.repeat(25)]) {
    expect([one, idOfMail(proofSecret, one)]).toEqual([one, null]);
  }
});
