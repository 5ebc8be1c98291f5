import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type AddressObject } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startMailSink, type MailSink } from '../../../bin/embedded/mail-sink.ts';
import type { Channel, Letter } from '../../../channels/channel.ts';
import { createEmailChannel } from '../../../channels/email/email.ts';
import { recipientFor, render, type Recipient } from '../../../locales/render.ts';
import { freePort } from '../../support/free-port.ts';
import { readers, valuesWith } from '../../support/readers.ts';

const from = { name: 'Meridian, Übergaben', address: 'meridian@example.test' };
const link = 'https://meridian.test/tasks/7f1c';

let sink: MailSink;
let email: Channel;
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
});
beforeEach(() => sink.clear());
afterAll(async () => {
  email.close();
  await sink.stop();
});

const letter = (recipient: Recipient, changes: Partial<Letter> = {}): Letter => ({
  messageId: 'notice.1',
  to: { name: 'Aiko Sato', address: 'aiko@example.test' },
  recipient,
  rendered: render('handoff.offered', valuesWith('St. Hedwig & Söhne'), recipient),
  link,
  at: Date.UTC(2027, 0, 4, 8),
  ...changes,
});

const bytesOf = async (one: Letter): Promise<Buffer> => Buffer.from(await email.compose(one));
const parsed = async (one: Letter) => simpleParser(await bytesOf(one), { skipTextToHtml: true });

const recipientsOf = (to: AddressObject | AddressObject[] | undefined) =>
  [to ?? []].flat().flatMap(({ value }) => value);

test('the same letter is composed into the same bytes, whenever that is', async () => {
  const [first, second] = await Promise.all([
    bytesOf(letter(readers.riyadh)),
    bytesOf(letter(readers.riyadh)),
  ]);
  expect(first.equals(second)).toBe(true);
  expect(first.toString('latin1')).not.toMatch(/[^\r]\n/);
});

test.for(Object.entries(readers))(
  'the mail to %s says in which language and direction it is, in both of its parts',
  async ([, reader]) => {
    const mail = await parsed(letter(reader));
    expect(mail.headers.get('content-language')).toBe(reader.locale);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.html).toContain(`lang="${reader.locale}" dir="${reader.direction}"`);
    expect(mail.text).toContain(link);
    expect(mail.html).toContain(`<a href="${link}">`);
    expect(mail.subject).toBe(
      render('handoff.offered', valuesWith('St. Hedwig & Söhne'), reader).subject,
    );
    expect(mail.messageId).toBe('<notice.1@example.test>');
    expect(mail.date?.getTime()).toBe(Date.UTC(2027, 0, 4, 8));
    expect(mail.attachments).toEqual([]);
  },
);

test.for([
  ['line ends', 'Eve\r\nBcc: all@example.test\r\n\r\nbody'],
  ['commas and angle brackets', 'Weber, Jonas <other@example.test>, all@example.test'],
  ['quotes', '"Jonas" \\" <x@example.test>'],
  ['a group', 'Undisclosed: all@example.test;'],
  ['an encoded word', '=?utf-8?q?Eve_=0D=0ABcc:_all@example.test?='],
])('%s in a name make nobody else a recipient, and no header', async ([, name = '']) => {
  const one = letter(readers.berlin, { to: { name, address: 'aiko@example.test' } });
  const mail = await parsed(one);
  expect(recipientsOf(mail.to).map(({ address }) => address)).toEqual(['aiko@example.test']);
  expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
  await email.send(await email.compose(one), 'aiko@example.test');
  expect(sink.messages().map(({ to }) => to)).toEqual([['aiko@example.test']]);
});

test('a subject is one line and ends before it is cut by others', async () => {
  const rendered = {
    subject: `Frist:\r\nBcc: all@example.test ${'😀'.repeat(400)}`,
    text: 'x',
    html: '<p>x</p>',
  };
  const mail = await parsed(letter(readers.berlin, { rendered }));
  expect(mail.bcc).toBeUndefined();
  expect(mail.subject?.length).toBeLessThan(420);
  expect(mail.subject?.isWellFormed()).toBe(true);
  expect(mail.subject).toMatch(/^Frist: Bcc:/);
});

test.for([
  'a@example.test, b@example.test',
  'a@example.test\r\nRCPT TO:<b@example.test>',
  'a@example.test b@example.test',
  '',
])('the address %j reaches nobody, for good', async (address) => {
  const bytes = await email.compose(letter(readers.berlin));
  expect(await email.send(bytes, address)).toMatchObject({ outcome: 'permanent' });
  expect(sink.messages()).toEqual([]);
});

test.for([
  ['aiko@example.test', { outcome: 'sent' }],
  ['refuse-450@example.test', { outcome: 'temporary', mayHaveArrived: false }],
  ['refuse-550@example.test', { outcome: 'permanent' }],
  ['data-451@example.test', { outcome: 'temporary', mayHaveArrived: false }],
  ['data-554@example.test', { outcome: 'permanent' }],
  ['drop@example.test', { outcome: 'temporary', mayHaveArrived: true }],
] as const)(
  'what becomes of a mail to %s is known, or known to be in doubt',
  async ([address, outcome]) => {
    const bytes = await email.compose(letter(readers.tokyo));
    expect(await email.send(bytes, address)).toMatchObject(outcome);
  },
);

test('a mail whose fate is unknown is not sent again by the transport on its own', async () => {
  await email.send(await email.compose(letter(readers.tokyo)), 'drop@example.test');
  expect(sink.messages()).toHaveLength(1);
});

test('a server that is not there is tried again', async () => {
  const bytes = await email.compose(letter(readers.tokyo));
  const away = createEmailChannel({ smtpUrl: `smtp://127.0.0.1:${await freePort()}`, from });
  expect(await away.send(bytes, 'aiko@example.test')).toMatchObject({
    outcome: 'temporary',
    mayHaveArrived: false,
  });
  away.close();
});

test('a server that refuses us, and not the mail, is tried again', async () => {
  const refused = Object.assign(new Error('no'), { responseCode: 535 });
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, reply) => reply(refused),
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const signedOut = createEmailChannel({ smtpUrl: `smtp://user:wrong@127.0.0.1:${port}`, from });
  const bytes = await email.compose(letter(readers.tokyo));
  const answer = await signedOut.send(bytes, 'aiko@example.test');
  signedOut.close();
  server.close();
  expect(answer).toEqual({ outcome: 'temporary', code: '535', mayHaveArrived: false });
});

test('a password is said to no server that offers no TLS, but on this machine', async () => {
  const said: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, reply) => (
      said.push(password ?? ''),
      reply(null, { user: 'user' })
    ),
    onData: (stream, _session, reply) => void stream.resume().on('end', () => reply()),
  });
  const listening = server.listen(0, '0.0.0.0');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const bytes = await email.compose(letter(readers.tokyo));
  const outcomes = [];
  for (const host of ['127.0.0.2', '127.0.0.1']) {
    const channel = createEmailChannel({ smtpUrl: `smtp://user:secret@${host}:${port}`, from });
    outcomes.push(await channel.send(bytes, 'aiko@example.test'));
    channel.close();
  }
  server.close();
  expect(outcomes).toMatchObject([{ outcome: 'temporary' }, { outcome: 'sent' }]);
  expect(said).toEqual(['secret']);
});

test('a hundred mails at once arrive once each, byte by byte as they were composed', async () => {
  const people = Array.from({ length: 100 }, (_, index) => `p${index}@example.test`);
  const reader = recipientFor({ locale: 'ar', zone: 'Asia/Riyadh' });
  const bytes = await bytesOf(letter(reader));
  const outcomes = await Promise.all(people.map((address) => email.send(bytes, address)));
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['sent']));
  expect(
    sink
      .messages()
      .flatMap(({ to }) => to)
      .toSorted(),
  ).toEqual(people.toSorted());
  expect(sink.messages().every(({ raw }) => raw.equals(bytes))).toBe(true);
});
