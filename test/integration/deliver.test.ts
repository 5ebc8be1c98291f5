import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDeliver, type Delivery } from '../../activities/deliver.ts';
import { startMailSink, type MailSink, type SunkMail } from '../../bin/embedded/mail-sink.ts';
import type { Channel, SendOutcome } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { account, berlin, givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice, noticeRow, type GivenNotice } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';
import { until } from '../support/until.ts';

const noon = Date.parse('2027-03-01T12:00:00Z');
const hour = 3_600_000;
const from = { name: 'Meridian', address: 'meridian@example.test' };

let database: TestDatabase;
let sink: MailSink;
let email: Channel;
beforeAll(async () => {
  database = await testDatabase();
  await givenHandoffPeople(database.db, noon);
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
});
afterEach(() => sink.clear());
afterAll(async () => {
  email.close();
  await sink.stop();
  await database.drop();
});

/** A message of a loop of its own; the clock stands at noon until it is moved. */
async function given(notice: Partial<GivenNotice> = {}, channel: Channel = email) {
  const { db } = database;
  const loopId = await givenLoop(db);
  const id = await givenNotice(db, loopId, {
    to: tokyo.lead,
    key: 'handoff.offered',
    params: {
      account: { account },
      giver: { person: berlin.lead },
      receiver: { person: tokyo.lead },
      severity: { term: 'handoff.severity.urgent' },
      dueAt: { instant: noon + 24 * hour, alsoFor: berlin.lead },
    },
    sendAt: noon,
    ...notice,
  });
  const clock = storyClock(noon);
  const deliverBy = (by: Channel) => {
    const parts = { db, clock, channels: { email: by }, publicUrl: 'https://meridian.test' };
    const deliver = createDeliver(parts);
    return (delivery: Partial<Delivery> = {}) =>
      deliver({ noticeId: id, revision: 1, ...delivery });
  };
  return { id, loopId, clock, deliver: deliverBy(channel), deliverBy };
}

const row = (id: NoticeId) => noticeRow(database.db, id);

async function change(id: NoticeId, values: object): Promise<void> {
  await database.db.updateTable('notice').set(values).where('id', '=', id).execute();
}

async function livesAt(who: PersonId, address: string): Promise<void> {
  await database.db.updateTable('person').set({ email: address }).where('id', '=', who).execute();
}

const theOnly = (mails: readonly SunkMail[]): SunkMail => {
  expect(mails).toHaveLength(1);
  return mails[0] as SunkMail;
};

test('a message whose row somebody holds holds up none that are sent beside it', async () => {
  const { db } = database;
  const [held, other] = [await given({ to: tokyo.backup }), await given()];
  const lock = Promise.withResolvers<void>();
  let holding = Promise.resolve();
  const taken = Promise.withResolvers<void>();
  const channel: Channel = {
    ...email,
    async send(bytes, address) {
      if (address !== 'tokyo-backup@example.test') return email.send(bytes, address);
      holding = db.transaction().execute(async (tx) => {
        await tx.selectFrom('notice').where('id', '=', held.id).select('id').forUpdate().execute();
        taken.resolve();
        await lock.promise;
      });
      await taken.promise;
      return email.send(bytes, address);
    },
  };
  const parts = { db, clock: storyClock(noon), publicUrl: 'https://meridian.test' };
  const deliver = createDeliver({ ...parts, channels: { email: channel } });
  const first = deliver({ noticeId: held.id, revision: 1 });
  await taken.promise;
  expect(await deliver({ noticeId: other.id, revision: 1 })).toBe('sent');
  expect((await row(held.id)).status).toBe('sending');
  lock.resolve();
  await holding;
  expect(await first).toBe('sent');
  expect((await row(held.id)).status).toBe('sent');
});

test('a mail is in the language and the time of its reader, with the clock of the other side', async () => {
  const { loopId, deliver } = await given();
  expect(await deliver()).toBe('sent');
  const mail = theOnly(sink.messages());
  expect(mail.to).toEqual(['tokyo-lead@example.test']);
  expect(mail.language).toBe('ja');
  expect(mail.subject).toContain('St. Hedwig Clinics');
  expect(mail.text).toContain('緊急');
  expect(mail.text).toContain('21:00'); // 12:00 UTC in Tokyo
  expect(mail.text).toContain('13:00'); // and in Berlin
  expect(mail.text).toContain(`https://meridian.test/tasks/${loopId}`);
  expect(mail.html).toContain('<html lang="ja" dir="ltr">');
});

test('of two deliveries at once one sends, and the other passes', async () => {
  const { id, deliver } = await given();
  const outcomes = await Promise.all([deliver(), deliver()]);
  expect(outcomes.toSorted()).toEqual(['passed', 'sent']);
  expect(sink.messages()).toHaveLength(1);
  expect(await row(id)).toMatchObject({ status: 'sent', attempts: 1, settled_at: noon });
  expect(await deliver()).toBe('passed');
  expect(sink.messages()).toHaveLength(1);
});

test('a mail whose sender died is sent again with the very same bytes, and not before', async () => {
  const died: Channel = { ...email, send: () => new Promise(() => undefined) };
  const { id, clock, deliver, deliverBy } = await given();
  void deliverBy(died)();
  await until('its bytes are kept', async () => (await row(id)).rendered !== null);
  const frozen = Buffer.from((await row(id)).rendered ?? []);
  expect(await deliver()).toBe('passed');
  // What the mail was made from may have changed since: what was begun is what is sent.
  clock.moveTo(noon + hour);
  expect(await deliver()).toBe('sent');
  expect(theOnly(sink.messages()).raw.toString('latin1')).toBe(frozen.toString('latin1'));
  expect((await row(id)).attempts).toBe(2);
});

test.for([false, true])(
  'a mail that may have arrived (%s) at an address its reader has no more goes to the new one alone',
  async (mayHaveArrived) => {
    const send: Channel['send'] = async () => ({ outcome: 'temporary', code: '-', mayHaveArrived });
    const { id, deliver, deliverBy } = await given({ to: tokyo.manager });
    await livesAt(tokyo.manager, 'before@example.test');
    await expect(deliverBy({ ...email, send })()).rejects.toThrow();
    await livesAt(tokyo.manager, 'after@example.test');
    expect(await deliver()).toBe('sent');
    const mail = theOnly(sink.messages());
    expect([mail.to, mail.messageId]).toEqual([['after@example.test'], `<${id}.1.2@example.test>`]);
    expect(mail.raw.toString('latin1')).not.toContain('before@example.test');
  },
);

/** Claimed a second time while the first sender is where `first` stops it. */
async function overtaken(first: (stop: () => Promise<void>) => Channel) {
  const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stop = (): Promise<void> => (reached.resolve(), go.promise);
  const hanging: Channel = { ...email, send: () => new Promise(() => undefined) };
  const { id, clock, deliverBy } = await given();
  const late = deliverBy(first(stop))();
  await reached.promise;
  clock.moveTo(noon + hour);
  return {
    id,
    late,
    async claimAgain(): Promise<void> {
      void deliverBy(hanging)();
      const isKept = async (): Promise<boolean> => {
        const { attempts, rendered } = await row(id);
        return attempts === 2 && rendered !== null;
      };
      await until('it is claimed again, and its bytes are kept', isKept);
    },
    go: () => go.resolve(),
  };
}

test('a sender overtaken while it composes sends nothing and keeps nothing', async () => {
  const said: Uint8Array[] = [];
  const slow = (stop: () => Promise<void>): Channel => ({
    ...email,
    compose: async (letter) => (await stop(), email.compose(letter)),
    send: async (bytes) => (said.push(bytes), { outcome: 'sent' }),
  });
  const { id, late, claimAgain, go } = await overtaken(slow);
  await claimAgain();
  const before = await row(id);
  go();
  expect(await late).toBe('passed');
  expect(said).toEqual([]);
  expect(await row(id)).toEqual(before);
});

test.for<[answer: string, result: SendOutcome]>([
  ['taken', { outcome: 'sent' }],
  ['refused for now', { outcome: 'temporary', code: 'slow', mayHaveArrived: false }],
  ['refused for good', { outcome: 'permanent', code: '550' }],
])('a sender overtaken before its mail was %s changes nothing of the next claim', async (given) => {
  const [, result] = given;
  const slow = (stop: () => Promise<void>): Channel => ({
    ...email,
    send: async () => (await stop(), result),
  });
  const { id, late, claimAgain, go } = await overtaken(slow);
  await claimAgain();
  const before = await row(id);
  go();
  await late.catch(() => undefined);
  expect(await row(id)).toEqual(before);
  expect(before).toMatchObject({ status: 'sending', attempts: 2 });
});

test('a server that takes a mail and hangs up gets the same bytes under the same id', async () => {
  await livesAt(tokyo.manager, 'drop@example.test');
  const { id, deliver } = await given({ to: tokyo.manager });
  await expect(deliver()).rejects.toThrow();
  await expect(deliver()).rejects.toThrow();
  const [first, second] = sink.messages();
  expect(first?.messageId).toBe(`<${id}.1@example.test>`);
  expect(second?.raw.equals(first?.raw ?? Buffer.alloc(0))).toBe(true);
});

test('a mail server that is away delays a mail, and costs nothing else', async () => {
  const smtpPort = await freePort();
  const later = createEmailChannel({ smtpUrl: `smtp://127.0.0.1:${smtpPort}`, from });
  const { id, deliver } = await given({}, later);
  await expect(deliver()).rejects.toThrow('ESOCKET');
  expect(await row(id)).toMatchObject({ status: 'planned', attempts: 1, settled_at: null });
  const back = await startMailSink({ smtpPort, pagePort: 0 });
  try {
    expect(await deliver()).toBe('sent');
    expect(back.messages().map((mail) => mail.messageId)).toEqual([`<${id}.1@example.test>`]);
  } finally {
    later.close();
    await back.stop();
  }
});

test.each([
  ['refuse-450@example.test', '450'],
  ['data-451@example.test', '451'],
])('what %s answers is tried again', async (address, code) => {
  await livesAt(tokyo.manager, address);
  const { id, deliver } = await given({ to: tokyo.manager });
  await expect(deliver()).rejects.toThrow(code);
  expect(await row(id)).toMatchObject({ status: 'planned', reason: null });
});

test.each(['refuse-550@example.test', 'data-554@example.test'])(
  'what %s answers is the last word',
  async (address) => {
    await livesAt(tokyo.manager, address);
    const { id, deliver } = await given({ to: tokyo.manager });
    expect(await deliver()).toBe('failed');
    const failed = { status: 'failed', reason: 'channel_failed', may_have_arrived: false };
    expect(await row(id)).toMatchObject(failed);
    expect(await deliver()).toBe('passed');
  },
);

test('the tries of a mail come to an end, and it says so', async () => {
  await livesAt(tokyo.manager, 'data-451@example.test');
  const { id, deliver } = await given({ to: tokyo.manager });
  await change(id, { attempts: 28 });
  await expect(deliver()).rejects.toThrow('451');
  expect(await deliver()).toBe('failed');
  expect(await row(id)).toMatchObject({ status: 'failed', reason: 'gave_up', attempts: 30 });
});

test('a mail that kills whoever sends it is given up too', async () => {
  const { id, deliver } = await given();
  await change(id, { status: 'sending', attempts: 30, lease_until: noon });
  expect(await deliver()).toBe('failed');
  expect(await row(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
  expect(sink.messages()).toEqual([]);
});

test('a mail that cannot be made is given back at once', async () => {
  const broken: Channel = { ...email, compose: () => Promise.reject(new Error('no paper')) };
  const { id, deliver, deliverBy } = await given();
  await expect(deliverBy(broken)()).rejects.toThrow('no paper');
  expect(await row(id)).toMatchObject({ status: 'planned', rendered: null });
  expect(await deliver()).toBe('sent');
});

test('a mail is not sent before its time', async () => {
  const { id, clock, deliver } = await given({ sendAt: noon + hour });
  expect(await deliver()).toBe('passed');
  expect(await row(id)).toMatchObject({ status: 'planned', attempts: 0 });
  clock.moveTo(noon + hour);
  expect(await deliver()).toBe('sent');
});

test.each(['cancelled', 'superseded', 'sent', 'failed'])(
  'a %s mail is not sent',
  async (status) => {
    const { id, deliver } = await given();
    await change(id, { status });
    expect(await deliver()).toBe('passed');
    expect(sink.messages()).toEqual([]);
  },
);

test('a delivery of an older revision leaves the newer one alone', async () => {
  const { id, deliver } = await given();
  await change(id, { revision: 2 });
  expect(await deliver({ revision: 1 })).toBe('passed');
  expect(await row(id)).toMatchObject({ status: 'planned', attempts: 0 });
  expect(await deliver({ revision: 2 })).toBe('sent');
  expect(theOnly(sink.messages()).messageId).toBe(`<${id}.2@example.test>`);
});

test('nobody who has left is written to', async () => {
  const { db } = database;
  const leftAt = (at: number | null) =>
    db.updateTable('person').set({ left_at: at }).where('id', '=', tokyo.backup).execute();
  await leftAt(noon);
  const { id, deliver } = await given({ to: tokyo.backup });
  expect(await deliver()).toBe('cancelled');
  expect(await row(id)).toMatchObject({ status: 'cancelled', reason: 'recipient_left' });
  expect(sink.messages()).toEqual([]);
  await leftAt(null);
});

test('what is settled while its mail waits for the mail server is not asked for afterwards', async () => {
  const { id, clock, deliver } = await given({ asks: true });
  const { task_id: taskId } = await row(id);
  await change(id, { status: 'sending', attempts: 1, lease_until: noon - 1 });
  await database.db
    .updateTable('task')
    .set({ closed_sequence: 2, closed_at: clock.now() })
    .where('id', '=', taskId)
    .execute();
  expect(await deliver()).toBe('cancelled');
  expect(await row(id)).toMatchObject({ status: 'cancelled', reason: 'settled' });
  expect(sink.messages()).toEqual([]);
});

test('a name that is a header, a template and markup stays a name', async () => {
  const { db } = database;
  const name = 'Eve\r\nBcc: all@example.test\r\n\r\n<b>{{account}}</b> $t(handoff.severity.urgent)';
  await db.updateTable('person').set({ name }).where('id', '=', tokyo.backup).execute();
  const { deliver } = await given({
    to: tokyo.backup,
    params: {
      account: { account },
      giver: { person: tokyo.backup },
      severity: { term: 'handoff.severity.routine' },
      dueAt: { instant: noon },
    },
  });
  expect(await deliver()).toBe('sent');
  const mail = theOnly(sink.messages());
  expect(mail.to).toEqual(['tokyo-backup@example.test']);
  const [head = ''] = mail.raw.toString('latin1').split('\r\n\r\n');
  expect(head).not.toMatch(/^bcc:/im);
  expect(mail.text).toContain('<b>{{account}}</b> $t(handoff.severity.urgent)');
  expect(mail.html).toContain('&lt;b&gt;{{account}}&lt;/b&gt; $t(handoff.severity.urgent)');
});

const arabic = /\p{Script=Arabic}/u;

/** Of somebody who reads Arabic, and read what this is about in German. */
async function readInGerman(to: PersonId, urgency: GivenNotice['urgency']) {
  const { db } = database;
  await db.updateTable('person').set({ locale: 'ar' }).where('id', '=', to).execute();
  const notice = await given({ to, urgency });
  await change(notice.id, { locale: 'de' });
  return notice;
}

test('a mail in another language than its reader’s is in that alone, and says so', async () => {
  const { id, deliver } = await readInGerman(tokyo.backup, 'now');
  expect(await deliver()).toBe('sent');
  const { raw, html, text } = theOnly(sink.messages());
  expect(raw.toString('latin1')).toMatch(/^Content-Language: de\r$/m);
  expect(html).toContain('<html lang="de" dir="ltr">');
  expect(`${html}${text}`).not.toMatch(arabic);
  expect((await row(id)).written_in).toBe('de');
});

test('a part in another language than the others of its mail says so by itself', async () => {
  const { id } = await readInGerman(berlin.manager, 'working');
  const lead = await given({ to: berlin.manager, urgency: 'working', key: 'handoff.held' });
  expect(await lead.deliver()).toBe('sent');
  expect((await row(id)).status).toBe('sent');
  const { raw, html } = theOnly(sink.messages());
  expect(raw.toString('latin1')).toMatch(/^Content-Language: ar, de\r$/m);
  expect(html).toContain('<html lang="ar" dir="rtl">');
  const [, german = ''] = /<div lang="de" dir="ltr">(.*?)<\/div>/s.exec(html) ?? [];
  expect(german).toMatch(/<h2>.*Übergabe/s);
  expect(german).not.toMatch(arabic);
  expect(html.replace(german, '')).not.toContain('Übergabe');
});
