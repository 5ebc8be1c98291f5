import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createProviderWatch, type ProviderWatchParts } from '../../activities/provider-watch.ts';
import { tellPause } from '../../activities/tell-pause.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { settleTogether } from '../../db/notice-outcomes.ts';
import { claimNotices, freezeNotices, ifFree } from '../../db/notices.ts';
import { present } from '../../domain/assert.ts';
import type { NoticeId } from '../../domain/id.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { denied, mailFrom, type MailStage, mailStage } from '../support/mail-stage.ts';
import { noticeRow } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

const startsAt = Date.parse('2027-03-01T10:00:00+09:00');
const minute = 60_000;

let stage: MailStage;
let statements = 0;
/** Two ways to one server, as two channels; and one whose server is not there. */
let channels: Readonly<Record<'email' | 'slack', Channel>>;
let away: Channel;
beforeAll(async () => {
  stage = await mailStage(startsAt, { onQuery: () => void statements++ });
  const { db, email, sink } = stage;
  const value = sql`'["email", "slack"]'::jsonb`;
  const policy = { key: 'message.channels', region_id: null, valid_from: '2027-01-01', value };
  await db.insertInto('policy').values(policy).execute();
  const contact = { person_id: tokyo.lead, channel: 'slack', address: 'chat@example.test' };
  await db.insertInto('contact').values(contact).execute();
  channels = { email, slack: createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom }) };
  away = createEmailChannel({ smtpUrl: 'smtp://127.0.0.1:1', from: mailFrom });
});
afterEach(async () => {
  await stage.forget();
  await stage.db.deleteFrom('channel_pause').execute();
});
afterAll(async () => {
  for (const channel of [channels.slack, away]) channel.close();
  await stage.stop();
});

const paused: string[] = [];
const onPause: ProviderWatchParts['onPause'] = (one) => (paused.push(one.channel), tellPause(one));
afterEach(() => void paused.splice(0));

/** A worker that has just been started: it remembers nothing. */
function worker(over: Partial<Record<'email' | 'slack', Channel>> = {}, at = startsAt) {
  const { db } = stage;
  const clock = storyClock(at);
  const providers = createProviderWatch({ db, clock, onPause });
  const publicUrl = 'https://meridian.test';
  const parts = { db, clock, channels: { ...channels, ...over }, publicUrl, providers };
  const deliver = createDeliver(parts);
  return {
    clock,
    providers,
    deliver: (noticeId: NoticeId, revision = 1) => deliver({ noticeId, revision }),
  };
}
const recipients = () => stage.sink.messages().flatMap(({ to }) => to);

test('a burst of failures rests the provider, is told once, and costs waiting messages no tries', async () => {
  const { deliver, clock } = worker({ email: away });
  const ids = await Promise.all(
    Array.from({ length: 5 }, () => stage.given({ urgency: 'now', to: berlin.lead })),
  );
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const id of ids) await expect(deliver(id)).rejects.toThrow();
  const lines = log.mock.calls.map(([said]) => String(said));
  log.mockRestore();
  expect(paused).toEqual(['email']);
  const line = { level: 'error', event: 'channel_paused', channel: 'email', code: 'ESOCKET' };
  const until = startsAt + 5 * minute;
  expect(lines).toEqual([`${JSON.stringify({ ...line, until })}\n`]);
  const waiting = await stage.given();
  expect(await deliver(waiting)).toBe('postponed');
  expect(await noticeRow(stage.db, waiting)).toMatchObject({
    reason: 'paused',
    attempts: 0,
    send_at: startsAt + 5 * minute,
  });
  const urgent = await stage.given({ urgency: 'now' });
  expect(await deliver(urgent)).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test']);
  clock.moveTo(startsAt + 5 * minute);
  expect(await worker().deliver(waiting, 2)).toBe('passed');
  expect(await worker({}, startsAt + 5 * minute).deliver(waiting, 2)).toBe('sent');
});

test('a server that refuses everybody rests, and what it refused waits for it instead of being given up', async () => {
  const { db } = stage;
  const { deliver, clock } = worker({ email: { ...stage.email, send: denied } });
  const readers = [berlin.lead, berlin.manager, tokyo.manager];
  const ids = await Promise.all(readers.map((to) => stage.given({ urgency: 'now', to })));
  const [first, second, third] = ids as [NoticeId, NoticeId, NoticeId];
  expect([await deliver(first), await deliver(second)]).toEqual(['failed', 'failed']);
  await expect(deliver(third)).rejects.toThrow('550 5.7.1');
  expect(paused).toEqual(['email']);
  const at = startsAt + 5 * minute;
  for (const id of [first, second]) {
    expect(await noticeRow(db, id)).toMatchObject({
      status: 'planned',
      reason: 'paused',
      send_at: at,
    });
  }
  clock.moveTo(at);
  const later = worker({}, at);
  for (const id of ids) {
    expect(await later.deliver(id, (await noticeRow(db, id)).revision)).toBe('sent');
  }
  expect(recipients()).toHaveLength(3);
});

test('what a server refuses to some while it takes what goes to others is given up, and rests nobody', async () => {
  const send: Channel['send'] = (bytes, address) =>
    address.startsWith('berlin') ? denied(bytes, address) : stage.email.send(bytes, address);
  const { deliver } = worker({ email: { ...stage.email, send } });
  for (const to of [berlin.lead, tokyo.manager, berlin.manager, tokyo.manager, berlin.lead]) {
    const outcome = await deliver(await stage.given({ urgency: 'now', to }));
    expect(outcome).toBe(to.startsWith('berlin') ? 'failed' : 'sent');
  }
  expect(paused).toEqual([]);
});

test('the chat of one reader, however often it fails, rests nobody else’s; those of three do', async () => {
  const { db } = stage;
  const { failed } = worker().providers;
  const failure = { channel: 'teams', code: '500', notice: 'one' as NoticeId };
  for (let time = 0; time < 20; time++) await failed({ ...failure, reader: tokyo.lead });
  await failed({ ...failure, reader: berlin.lead });
  expect(paused).toEqual([]);
  await failed({ ...failure, reader: berlin.manager });
  expect(paused).toEqual(['teams']);
  expect(await db.selectFrom('channel_pause').select('channel').execute()).toEqual([
    { channel: 'teams' },
  ]);
});

test('workers count together, also those that were started anew, and one of them tells of it', async () => {
  for (const _ of Array(4).keys()) {
    const { deliver } = worker({ email: away });
    await expect(deliver(await stage.given({ to: berlin.lead, urgency: 'now' }))).rejects.toThrow();
  }
  expect(paused).toEqual([]);
  const failure = { channel: 'email', code: 'ESOCKET', reader: berlin.lead };
  const notice = await stage.given();
  const each = Array.from({ length: 8 }, () => worker().providers);
  await Promise.all(each.map(({ failed }) => failed({ ...failure, notice })));
  expect(paused).toEqual(['email']);
});

test('what one worker has had refused waits with what another has, once it is known that all is refused', async () => {
  const { db } = stage;
  const ids: NoticeId[] = [];
  for (const to of [berlin.lead, berlin.manager, tokyo.manager]) {
    const id = await stage.given({ urgency: 'now', to });
    await worker({ email: { ...stage.email, send: denied } })
      .deliver(id)
      .catch(() => undefined);
    ids.push(id);
  }
  const rows = await Promise.all(ids.map((id) => noticeRow(db, id)));
  expect(rows.map(({ status }) => status)).toEqual(Array(3).fill('planned'));
});

test('what waits for a provider after all does so with all that went out within it', async () => {
  const { db } = stage;
  const lost = { outcome: 'temporary', code: 'ESOCKET', mayHaveArrived: true } as const;
  const [lead, member] = [
    await stage.given({ to: tokyo.manager }),
    await stage.given({ to: tokyo.manager, key: 'handoff.held' }),
  ];
  const breaking = worker({ email: { ...stage.email, send: async () => lost } });
  await expect(breaking.deliver(lead)).rejects.toThrow('ESOCKET');
  const refusing = worker({ email: { ...stage.email, send: denied } });
  expect(await refusing.deliver(lead)).toBe('failed');
  expect(await noticeRow(db, member)).toMatchObject({ status: 'failed', bundled_in: lead });
  for (const to of [berlin.lead, berlin.manager]) {
    await refusing.deliver(await stage.given({ urgency: 'now', to })).catch(() => undefined);
  }
  const at = startsAt + 5 * minute;
  for (const [nth, id] of [lead, member].entries()) {
    const { revision, ...row } = await noticeRow(db, id);
    expect(row).toMatchObject({ status: 'planned', reason: 'paused', send_at: at });
    expect(await worker({}, at + nth * minute).deliver(id, revision)).toBe('sent');
  }
});

test('where the worker dies as it finds that all is refused, the next refusal finds the same', async () => {
  const { db } = stage;
  const { providers, deliver } = worker({ email: { ...stage.email, send: denied } });
  const ids: NoticeId[] = [];
  for (const to of [berlin.lead, berlin.manager, tokyo.manager]) {
    ids.push(await stage.given({ urgency: 'now', to }));
  }
  for (const id of ids.slice(0, 2)) expect(await deliver(id)).toBe('failed');
  const refusal = { channel: 'email', code: '550 5.7.1', reader: tokyo.manager, notice: ids[2]! };
  await sql`ALTER TABLE notice ADD CONSTRAINT dies CHECK (reason <> 'paused') NOT VALID`.execute(
    db,
  );
  await expect(providers.refused(refusal)).rejects.toThrow('dies');
  await sql`ALTER TABLE notice DROP CONSTRAINT dies`.execute(db);
  expect(paused).toEqual([]);
  expect(await providers.refused(refusal)).toBe(true);
  expect(paused).toEqual(['email']);
  const rows = await Promise.all(ids.slice(0, 2).map((id) => noticeRow(db, id)));
  expect(rows.map(({ status }) => status)).toEqual(['planned', 'planned']);
});

test('of twelve messages to two readers that are all refused alike, none is given up; they go out when mail is taken again', async () => {
  const { db } = stage;
  const ids: NoticeId[] = [];
  const { deliver } = worker({ email: { ...stage.email, send: denied } });
  for (const index of Array(12).keys()) {
    const to = index % 2 === 0 ? berlin.lead : tokyo.manager;
    ids.push(await stage.given({ urgency: 'now', to }));
    await deliver(ids.at(-1)!).catch(() => undefined);
  }
  const rows = await Promise.all(ids.map((id) => noticeRow(db, id)));
  expect(rows.map(({ status }) => status)).toEqual(Array(12).fill('planned'));
  expect(paused).toEqual(['email']);
  const later = worker({}, startsAt + 5 * minute);
  for (const { id, revision } of rows) {
    expect(await later.deliver(id as NoticeId, revision)).toBe('sent');
  }
});

test('what is refused to one reader, however often, is given up, is kept within bounds, and rests nobody', async () => {
  const { db } = stage;
  const { deliver, providers } = worker({ email: { ...stage.email, send: denied } });
  const id = await stage.given({ urgency: 'now', to: berlin.lead });
  expect(await deliver(id)).toBe('failed');
  const refusal = { channel: 'email', code: '550 5.7.1', reader: berlin.lead, notice: id };
  for (const _ of Array(60).keys()) expect(await providers.refused(refusal)).toBe(false);
  const rows = await db.selectFrom('channel_failure').select(['kind', 'latest']).execute();
  expect(rows.map(({ kind, latest }) => [kind, (latest as unknown[]).length])).toEqual([
    ['refused', 50],
  ]);
  expect(await worker().deliver(await stage.given({ urgency: 'now' }))).toBe('sent');
  expect(await db.selectFrom('channel_failure').selectAll().execute()).toEqual([]);
  expect(paused).toEqual([]);
});

test('what a provider does not take costs one statement more, what it takes none', async () => {
  const spent = async (act: () => Promise<unknown>): Promise<number> => {
    const before = statements;
    await act();
    return statements - before;
  };
  const { failed, refused } = worker().providers;
  const failure = {
    channel: 'email',
    code: '500',
    reader: berlin.lead,
    notice: await stage.given(),
  };
  for (const note of [failed, refused]) expect(await spent(() => note(failure))).toBe(1);
  expect(await spent(() => failed({ ...failure, code: '451' }))).toBe(0);
  const { db } = stage;
  const parts = { db, clock: storyClock(startsAt), channels, publicUrl: 'https://meridian.test' };
  const unwatched = createDeliver(parts);
  const [one, other] = [
    await stage.given({ urgency: 'now' }),
    await stage.given({ urgency: 'now' }),
  ];
  const without = await spent(() => unwatched({ noticeId: one, revision: 1 }));
  expect(await spent(() => worker().deliver(other))).toBe(without);
});

test('several at once are claimed, frozen and settled, each in the one statement that is for them all', async () => {
  const { db } = stage;
  const ids = await Promise.all([1, 2, 3].map(() => stage.given({ urgency: 'now' })));
  const claims = ids.map((id) => ({ id, revision: 1, now: startsAt, leaseMs: minute }));
  const before = statements;
  const claimed = [...(await claimNotices(db, claims, ifFree)).values()];
  const held = claimed.map((one) => ({ ...present(one, 'a claim'), at: startsAt }));
  const made = { rendered: Buffer.from('x'), localeFrom: 'person', locale: 'ja', entry: null };
  const frozen = held.map((one) => ({ ...one, ...made, messageId: one.id, address: 'a@b.test' }));
  expect([...(await freezeNotices(db, frozen, ifFree)).values()]).toEqual([true, true, true]);
  const [sent, failed] = [
    { status: 'sent', reason: null, mayHaveArrived: true },
    { status: 'failed', reason: '550', mayHaveArrived: false },
  ] as const;
  const outcomes = held.map((one, nth) => ({ ...one, ...(nth === 2 ? failed : sent) }));
  expect((await settleTogether(db, outcomes)).size).toBe(3);
  expect(statements - before).toBe(3);
  const kept = await Promise.all(held.map(({ id }) => noticeRow(db, id)));
  expect(kept.map((row) => [row.status, row.reason, row.may_have_arrived])).toEqual([
    ['sent', null, true],
    ['sent', null, true],
    ['failed', '550', false],
  ]);
});

test('messages that fail together and go out one by one are told of in the log, by a code and nothing of theirs', async () => {
  const { deliver } = worker();
  const [one, other] = [
    await stage.given({ urgency: 'now' }),
    await stage.given({ urgency: 'now', to: berlin.lead }),
  ];
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const asked = [one, 'of no message' as NoticeId, other].map((id) => deliver(id));
  const ends = await Promise.allSettled(asked);
  const lines = log.mock.calls.map(([said]) => String(said));
  log.mockRestore();
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const line = { level: 'error', event: 'lot_failed', lot: 'claim', code: '22P02' };
  expect(lines).toEqual([`${JSON.stringify(line)}\n`]);
  expect(recipients()).toHaveLength(2);
});
