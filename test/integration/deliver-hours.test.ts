import { sql } from 'kysely';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { threadId } from '../../channels/email/thread.ts';
import { recordAsked } from '../../db/fairness.ts';
import { unstartedNotices } from '../../db/notices.ts';
import { endDigests, savePreferences } from '../../db/preferences.ts';
import type { LoopId } from '../../domain/id.ts';
import { account, tokyo } from '../support/handoff-organisation.ts';
import { type MailStage, mailStage } from '../support/mail-stage.ts';
import { givenLoop, noticeRow, type GivenNotice } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

/** A Monday; people work from 09:00 to 17:00 of their own time. */
const tokyoAt = (time: string, day = '01'): number => Date.parse(`2027-03-${day}T${time}:00+09:00`);
const minute = 60_000;

let stage: MailStage;
beforeAll(async () => {
  stage = await mailStage(tokyoAt('00:00'));
});
afterEach(() => stage.forget());
afterAll(() => stage.stop());

/** Planned for `sendAt`, and woken only at `now`. */
async function late(sendAt: number, now: number, notice: Partial<GivenNotice> = {}) {
  const { db, email } = stage;
  const id = await stage.given({ sendAt, ...notice });
  const clock = storyClock(now);
  const parts = { db, clock, channels: { email }, publicUrl: 'https://meridian.test' };
  const deliver = createDeliver(parts);
  return { id, clock, deliver: (revision = 1) => deliver({ noticeId: id, revision }) };
}

test('a mail that an outage made late waits for the next morning of its reader, and says why', async () => {
  const { id, clock, deliver } = await late(tokyoAt('16:00'), tokyoAt('22:30'));
  expect(await deliver()).toBe('postponed');
  expect(stage.sink.messages()).toEqual([]);
  expect(await noticeRow(stage.db, id)).toMatchObject({
    status: 'planned',
    revision: 2,
    attempts: 0,
    reason: 'outside_working_time',
    send_at: tokyoAt('09:00', '02'),
  });
  const found = await unstartedNotices(stage.db, {
    now: clock.now(),
    horizonMs: 86_400_000,
    limit: 10,
  });
  expect(found).toContainEqual({ id, revision: 2, sendAt: tokyoAt('09:00', '02') });
  clock.moveTo(tokyoAt('09:00', '02'));
  expect(await deliver(1)).toBe('passed');
  expect(await deliver(2)).toBe('sent');
  expect(stage.sink.messages().map((mail) => mail.messageId)).toEqual([`<${id}.2@example.test>`]);
  expect(await noticeRow(stage.db, id)).toMatchObject({
    status: 'sent',
    reason: 'outside_working_time',
  });
});

test('what cannot wait is sent at any hour', async () => {
  const { deliver } = await late(tokyoAt('16:00'), tokyoAt('22:30'), { urgency: 'now' });
  expect(await deliver()).toBe('sent');
});

test.for([
  ['at the end of the day', '17:00', 'sent'],
  ['a few minutes after it', '17:09', 'sent'],
  ['a quarter of an hour after it', '17:15', 'postponed'],
] as const)('a mail of the last minute that wakes %s, at %s, is %s', async ([, woken, outcome]) => {
  const { deliver } = await late(tokyoAt('16:59'), tokyoAt(woken));
  expect(await deliver()).toBe(outcome);
});

test('quiet hours that have begun hold back what is just late, too', async () => {
  const { db } = stage;
  const said = { channels: null, digest: null, hourCycle: null };
  const quiet = { from: 16 * 60, until: 20 * 60 };
  const person = tokyo.manager;
  await savePreferences(db, { person, said: { ...said, quiet }, at: tokyoAt('00:00') });
  const { deliver } = await late(tokyoAt('15:59'), tokyoAt('17:05'), { to: person });
  expect(await deliver()).toBe('postponed');
});

/** A call of somebody in Tokyo, from the first of March on. */
async function called(from: number, until: number): Promise<void> {
  const { db } = stage;
  const loop = (await givenLoop(db)) as LoopId;
  const asking = { person: tokyo.lead, loop, sequence: 1, kind: 'handoff.call', from, until };
  await db.transaction().execute((tx) => recordAsked(tx, asking));
}

test.for([
  ['in the night', tokyoAt('23:30'), tokyoAt('00:30', '02'), 'postponed'],
  ['early, after a night without any', tokyoAt('07:00', '02'), tokyoAt('08:00', '02'), 'sent'],
  ['at night, the day before', tokyoAt('20:00'), tokyoAt('21:00'), 'sent'],
] as const)(
  'after a call %s what can wait leaves eleven hours of rest',
  async ([, from, until, outcome]) => {
    const { db } = stage;
    await called(from, until);
    const { id, deliver } = await late(tokyoAt('09:00', '02'), tokyoAt('09:00', '02'));
    expect(await deliver()).toBe(outcome);
    const rest = { status: 'planned', reason: 'rest', send_at: until + 11 * 60 * minute };
    expect(await noticeRow(db, id)).toMatchObject(outcome === 'sent' ? { status: 'sent' } : rest);
    await db.deleteFrom('asked_outside').execute();
  },
);

test('rest holds nothing whose time would be over with it', async () => {
  const { db } = stage;
  await called(tokyoAt('23:30'), tokyoAt('00:30', '02'));
  for (const [dueAt, outcome] of [
    [tokyoAt('11:30', '02'), 'sent'],
    [tokyoAt('11:31', '02'), 'postponed'],
  ] as const) {
    const morning = tokyoAt('09:00', '02');
    const { id, deliver } = await late(morning, morning, { asks: true });
    const { task_id: task } = await noticeRow(db, id);
    await db.updateTable('task').set({ due_at: dueAt }).where('id', '=', task).execute();
    expect(await deliver()).toBe(outcome);
    await stage.forget();
  }
  await db.deleteFrom('asked_outside').execute();
});

test('after twenty mails within an hour the next waits until the first of them is an hour old, and says so', async () => {
  const { db } = stage;
  const [first, last] = [tokyoAt('09:00'), tokyoAt('09:38')].map((at) => new Date(at));
  await sql`
    INSERT INTO notice (id, recipient_id, key, params, urgency, channel, send_at, status,
      message_id, settled_at)
    SELECT gen_random_uuid(), ${tokyo.lead}, 'handoff.held', '{}', 'working', 'email', at, 'sent',
      'earlier', at
    FROM generate_series(${first}::timestamptz, ${last}::timestamptz, '2 minutes') at`.execute(db);
  const { id, clock, deliver } = await late(tokyoAt('09:50'), tokyoAt('09:50'));
  expect(await deliver()).toBe('postponed');
  const held = { status: 'planned', reason: 'limit_hour', send_at: tokyoAt('10:00') };
  expect(await noticeRow(db, id)).toMatchObject(held);
  clock.moveTo(tokyoAt('10:00'));
  expect(await deliver(2)).toBe('sent');
});

test('nothing that somebody says of digests, quiet hours and channels silences what asks something of them', async () => {
  const { db } = stage;
  const at = tokyoAt('00:00');
  const said = { channels: ['teams'], quiet: { from: 0, until: 1_439 }, hourCycle: null } as const;
  const digest = { every: 'week', weekday: 1, minute: 540 } as const;
  await savePreferences(db, { person: tokyo.lead, said: { ...said, digest }, at });
  expect(await endDigests(db, tokyo.lead, at)).toBe(true);
  const { deliver } = await late(tokyoAt('09:00'), tokyoAt('09:00'), { asks: true });
  expect(await deliver()).toBe('sent');
  const [mail] = stage.sink.messages();
  expect(mail?.to).toEqual(['tokyo-lead@example.test']);
  expect(mail?.raw.toString()).not.toContain('List-Unsubscribe');
  await db.deleteFrom('preference').execute();
});

test.for([
  ['h12', '2027年3月1日月曜日 午後9:00'],
  ['h23', '2027年3月1日月曜日 21:00'],
] as const)(
  'a mail has the hours of the clock that its reader chose (%s), and stands beside the others of its loop',
  async ([hourCycle, time]) => {
    const { db } = stage;
    const said = { channels: null, quiet: null, digest: null, hourCycle };
    await savePreferences(db, { person: tokyo.lead, said, at: tokyoAt('00:00') });
    const meetsAt = { instant: tokyoAt('21:00') };
    const people = { giver: { person: tokyo.manager }, person: { person: tokyo.backup } };
    const params = { account: { account }, ...people, meetsAt };
    const call = { key: 'handoff.call', params };
    const { id, deliver } = await late(tokyoAt('09:00'), tokyoAt('09:00'), call);
    expect(await deliver()).toBe('sent');
    const [mail] = stage.sink.messages();
    expect(mail?.text).toContain(time);
    const { loop_id: loop } = await noticeRow(db, id);
    const thread = `<${threadId(`${loop}`, tokyo.lead)}@example.test>`;
    const { inReplyTo, references } = await simpleParser(mail?.raw ?? '');
    expect([inReplyTo, references]).toEqual([thread, thread]);
    await db.deleteFrom('preference').execute();
  },
);

test('a day off that came after the plan moves the mail past it', async () => {
  const { db } = stage;
  const { id, deliver } = await late(tokyoAt('10:00'), tokyoAt('10:00'), { to: tokyo.backup });
  const leave = { id: 'leave', person_id: tokyo.backup, first_day: '2027-03-01' };
  await db
    .insertInto('absence')
    .values({ ...leave, last_day: '2027-03-03' })
    .execute();
  await db
    .updateTable('calendar_revision')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('person_id', '=', tokyo.backup)
    .execute();
  expect(await deliver()).toBe('postponed');
  expect((await noticeRow(db, id)).send_at).toBe(tokyoAt('09:00', '04'));
});

test('two who wake at once late at night postpone it once', async () => {
  const { id, deliver } = await late(tokyoAt('16:00'), tokyoAt('23:00'));
  expect((await Promise.all([deliver(), deliver()])).toSorted()).toEqual(['passed', 'postponed']);
  expect(await noticeRow(stage.db, id)).toMatchObject({ revision: 2, attempts: 0 });
});

test('bytes that may have been sent already stay the same however long they wait', async () => {
  const { id, clock, deliver } = await late(tokyoAt('16:00'), tokyoAt('16:00') + minute);
  const { db } = stage;
  const change = (values: object) =>
    db.updateTable('notice').set(values).where('id', '=', id).execute();
  const bytes = Buffer.from('Message-ID: <first@example.test>\r\n\r\nfirst\r\n');
  await change({ status: 'sending', lease_until: tokyoAt('16:00'), attempts: 1, rendered: bytes });
  clock.moveTo(tokyoAt('22:00'));
  expect(await deliver()).toBe('postponed');
  clock.moveTo(tokyoAt('09:00', '02'));
  expect(await deliver(2)).toBe('sent');
  expect(stage.sink.messages()[0]?.raw.equals(bytes)).toBe(true);
});
