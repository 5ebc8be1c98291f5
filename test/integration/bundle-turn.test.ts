import { sql } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { fittingHour } from '../../activities/fitting-hour.ts';
import type { Channel } from '../../channels/channel.ts';
import { createSlackChannel } from '../../channels/chat/slack.ts';
import { createTeamsChannel } from '../../channels/chat/teams.ts';
import { bundle } from '../../db/bundles.ts';
import { openDatabase, type Query } from '../../db/client.ts';
import { postponeNotice } from '../../db/notice-outcomes.ts';
import { type ClaimedNotice, claimNotice } from '../../db/notices.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { saveContact } from '../../db/routes.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, LoopId, NoticeId } from '../../domain/id.ts';
import type { NoticeParams } from '../../domain/loop.ts';
import { phrase } from '../../locales/render.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { mailStage } from '../support/mail-stage.ts';
import { givenLoop, noticeRow } from '../support/notices.ts';
import { readers } from '../support/readers.ts';
import { storyClock } from '../support/story-clock.ts';
import { until } from '../support/until.ts';

const now = Date.parse('2027-03-01T09:00:00+09:00');

const stage = await mailStage(now);
/** With time for a slow machine: what is held here is held until the test lets go. */
const patience = { statementTimeoutMs: 30_000, transactionTimeoutMs: 30_000 };
const db = openDatabase({ url: stage.url, ...patience });
beforeEach(() => stage.forget());
afterAll(async () => {
  await db.destroy();
  await stage.stop();
});

const claimed = async (id: NoticeId, query: Query = db, at = now): Promise<ClaimedNotice> =>
  present(await claimNotice(query, { id, revision: 1, now: at, leaseMs: 60_000 }), 'the claim');
const bundling = (lead: ClaimedNotice) => bundle(db, { lead, now, until: now, membersMax: 50 });

/** Whoever waits for a lock of this database. */
async function waiters(): Promise<number> {
  const { rows } = await sql<{ readonly waiting: number }>`
    SELECT count(DISTINCT pid)::int AS waiting FROM pg_locks WHERE NOT granted
      AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`.execute(db);
  return rows[0]?.waiting ?? 0;
}

/** A transaction that is held open: `end` commits it. */
async function held<T>(work: (tx: Query) => Promise<T>) {
  const reached = Promise.withResolvers<T>();
  const ending = Promise.withResolvers<void>();
  const ended = db.transaction().execute(async (tx) => {
    reached.resolve(await work(tx));
    await ending.promise;
  });
  return {
    answer: await reached.promise,
    async end() {
      ending.resolve();
      await ended;
    },
  };
}

test('a message that is just being claimed goes out with the others of its reader, and not by itself', async () => {
  const [lead, other] = [await stage.given(), await stage.given()];
  const first = await claimed(lead);
  const claim = await held((tx) => claimed(other, tx));
  let isOver = false;
  const bundled = bundling(first).finally(() => (isOver = true));
  await until('the bundle waits or is made', async () => isOver || (await waiters()) > 0);
  await claim.end();
  expect((await bundled)?.map(({ id }) => id)).toEqual([other]);
});

test('a message that is just being put off goes out with the others of its reader all the same', async () => {
  const [lead, other] = [await stage.given(), await stage.given()];
  const [first, second] = [await claimed(lead), await claimed(other)];
  const minute = 60_000;
  const later = { sendAt: now + minute, at: now, channel: 'email', reasonParams: {} } as const;
  const delay = await held((tx) =>
    postponeNotice(tx, second, { ...later, reason: 'limit_minute' }),
  );
  let isOver = false;
  const going = { lead: first, now, until: now + 2 * minute, membersMax: 50 };
  const bundled = bundle(db, going).finally(() => (isOver = true));
  await until('the bundle waits or is made', async () => isOver || (await waiters()) > 0);
  await delay.end();
  expect((await bundled)?.map(({ id }) => id)).toEqual([other]);
});

test('of two that gather what goes along at the same time, one is taken along by the other', async () => {
  const meeting = sql`hashtext('bundle-turn.test')`;
  await sql`
    CREATE OR REPLACE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock_shared(${meeting}); RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER meet AFTER UPDATE ON notice FOR EACH ROW WHEN (NEW.bundled_in = NEW.id)
    EXECUTE FUNCTION meet()`.execute(db);
  const leads = [await claimed(await stage.given()), await claimed(await stage.given())];
  const meet = await held((tx) => sql`SELECT pg_advisory_xact_lock(${meeting})`.execute(tx));
  const both = Promise.all(leads.map(bundling));
  await until('both wait', async () => (await waiters()) === leads.length);
  await meet.end();
  const answers = await both;
  expect(answers.filter((taken) => taken === null)).toHaveLength(1);
  expect(answers.filter((taken) => taken?.length === 1)).toHaveLength(1);
});

test('of two under way to one reader the one that was claimed first goes, and the other waits a minute', async () => {
  const ids = [await stage.given(), await stage.given(), await stage.given({ urgency: 'now' })];
  // Tried before, and frozen: neither can be taken along by the other any more.
  const frozen = { rendered: Buffer.from('mail'), attempts: 1, bundled_in: sql`id` };
  await db
    .updateTable('notice')
    .set(frozen as never)
    .execute();
  const claims: ClaimedNotice[] = [];
  for (const [index, id] of ids.entries()) claims.push(await claimed(id, db, now + index));
  const hours = claims.map((claim) => fittingHour(db, claim, now + ids.length));
  expect((await Promise.all(hours)).map(({ why }) => why?.reason ?? null)).toEqual([
    null,
    'limit_minute',
    null,
  ]);
});

const policyOf = async (key: string, value: unknown): Promise<void> => {
  const policy = { key, region_id: null, valid_from: '2027-01-01' };
  await db
    .insertInto('policy')
    .values({ ...policy, value: sql`${JSON.stringify(value)}::text::jsonb` })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

test('a chat, which others may read, tells no name, account or practice of a message, until its region wants it whole', async () => {
  const said: string[] = [];
  const slack: Channel = {
    ...createSlackChannel(),
    send: async (bytes) => (said.push(Buffer.from(bytes).toString()), { outcome: 'sent' }),
  };
  await policyOf('message.channels', ['slack']);
  await saveContact(db, tokyo.lead, { channel: 'slack', address: 'https://chat.test' });
  const publicUrl = 'https://meridian.test';
  const deliver = createDeliver({ db, clock: storyClock(now), channels: { slack }, publicUrl });
  const isNaming = (text: string): boolean =>
    text.includes('St. Hedwig Clinics') || text.includes('Name of');
  const ids = [await stage.given({ urgency: 'now' })];
  await deliver({ noticeId: ids[0]!, revision: 1 });
  const together = [await stage.given(), await stage.given({ key: 'handoff.held' })];
  await deliver({ noticeId: together[0]!, revision: 1 });
  expect(said.map(isNaming)).toEqual([false, false]);
  for (const [index, of] of [ids, together].entries()) {
    for (const id of of) {
      const { loop_id: loop, status } = await noticeRow(db, id);
      expect([status, said[index]?.includes(`${publicUrl}/tasks/${loop}`)]).toEqual(['sent', true]);
    }
    expect(said[index]).toContain(phrase('message.brief', {}, readers.tokyo));
  }
  await policyOf('message.chatText', 'whole');
  await deliver({ noticeId: await stage.given({ urgency: 'now' }), revision: 1 });
  expect(isNaming(said.at(-1)!)).toBe(true);
  expect(said.at(-1)).not.toContain(phrase('message.brief', {}, readers.tokyo));
});

test.for([createSlackChannel(), createTeamsChannel()])(
  'of many messages that come due together each is told whole by a chat ($name)',
  async (chat) => {
    const said: string[] = [];
    const slack: Channel = {
      ...chat,
      compose: async (letter) => (
        expect(letter.rendered.text.length).toBeLessThanOrEqual(chat.textLengthMax ?? 0),
        said.push(letter.rendered.text),
        chat.compose(letter)
      ),
      send: () => Promise.resolve({ outcome: 'sent' }),
    };
    await policyOf('message.channels', ['slack']);
    await policyOf('message.chatText', 'whole');
    await saveContact(db, tokyo.lead, { channel: 'slack', address: 'https://chat.test' });
    const publicUrl = 'https://meridian.test';
    const deliver = createDeliver({ db, clock: storyClock(now), channels: { slack }, publicUrl });
    const ids = await Promise.all(Array.from({ length: 40 }, () => stage.given()));
    for (const id of ids) {
      await deliver({ noticeId: id, revision: (await noticeRow(db, id)).revision });
    }
    for (const id of ids) {
      const { loop_id: loop, status } = await noticeRow(db, id);
      const told = said.filter((text) => text.includes(`${publicUrl}/tasks/${loop}`));
      expect([status, told.length]).toEqual(['sent', 1]);
    }
    expect(said.length).toBeLessThan(ids.length / 5);
  },
);

/** Two of one kind and loop, the older first; what became of them. */
async function followed(former: NoticeParams, newer: NoticeParams): Promise<readonly string[]> {
  const id = (await givenLoop(db)) as LoopId;
  const planned = [former, newer].map((params) =>
    plainNotice({ to: tokyo.lead, key: 'handoff.reminder', params, sendAt: now + 60_000 }),
  );
  for (const [sequence, notice] of planned.entries()) {
    const step = { id, sequence, at: now, notices: [notice] };
    await db.transaction().execute((tx) => insertNotices(tx, step));
  }
  const rows = await Promise.all(planned.map((one) => noticeRow(db, one.id)));
  return rows.map(({ status }) => status);
}

const person = { person: berlin.lead };
test.for<[said: string, former: NoticeParams, newer: NoticeParams]>([
  ['time', { person, at: { instant: now } }, { person, at: { instant: now + 1 } }],
  ['day', { lastDay: { day: '2027-03-01' } }, { lastDay: { day: '2027-03-02' } }],
  ['number', { percent: 50 }, { percent: 80 }],
  ['reason', { person, reason: { term: 'a' } }, { person, reason: { term: 'b' } }],
  [
    'amount',
    { amount: { money: { minor: '1', currency: 'EUR' } } },
    { amount: { money: { minor: '2', currency: 'EUR' } } },
  ],
])(
  'a newer message that says another %s of the same takes the place of the former',
  async (given) => {
    const [, former, newer] = given;
    expect(await followed(former, newer)).toEqual(['superseded', 'planned']);
  },
);

test.for<[named: string, former: NoticeParams, newer: NoticeParams]>([
  ['person', { person }, { person: { person: tokyo.manager } }],
  ['account', { account: { account } }, { account: { account: 'other' as AccountId } }],
  ['one of several', { action: '1', at: { instant: now } }, { action: '2', at: { instant: now } }],
  ['country', { country: { country: 'DE' } }, { country: { country: 'JP' } }],
  ['thing less', { person, product: 'stent' }, { person }],
])('two messages of one kind that name another %s are both told', async ([, former, newer]) => {
  expect(await followed(former, newer)).toEqual(['planned', 'planned']);
});
