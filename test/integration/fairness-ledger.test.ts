import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  askMinutesPolicies,
  insertAsked,
  ownLedger,
  recordAsked,
  soFar,
} from '../../db/fairness.ts';
import { moveCustody } from '../../db/accounts.ts';
import { recordStandby, settleStandby } from '../../db/standby.ts';
import type { LoopId } from '../../domain/id.ts';
import { type account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';

/** Tuesday, 01:30 in Tokyo, 17:30 in Berlin. */
const atNight = Date.parse('2026-11-24T16:30Z');
const dayMs = 86_400_000;

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
let accounts = 0;
beforeAll(async () => {
  recorder = await handoffRecorder();
});
afterAll(() => recorder.drop());
beforeEach(async () => {
  await recorder.db.deleteFrom('asked_outside').execute();
});

const ledger = () =>
  recorder.db.selectFrom('asked_outside').selectAll().orderBy('person_id').execute();

async function anotherAccount() {
  const id = `account-${++accounts}` as typeof account;
  await givenAccount(recorder.db, { id, owner: berlin.lead, since: Date.parse('2026-11-01') });
  return id;
}

const urgentOffer = async () => ({ severity: 'urgent', account: await anotherAccount() }) as const;

test('an urgent offer at night is in the ledger of the one it wakes, and of nobody else', async () => {
  recorder.clock.moveTo(atNight);
  const { id } = await recorder.offered(await urgentOffer());
  expect(await ledger()).toEqual([
    {
      loop_id: id,
      sequence: 0,
      kind: 'handoff.read_back',
      person_id: tokyo.lead,
      at: recorder.clock.now(),
      until: recorder.clock.now() + 15 * 60_000,
      outside_minutes: 15,
      rest_minutes: 150, // of eleven hours, the longer side has eight and a half
      points: 15 + 435 + 2 * 150 + 120 + 2 * 15, // its minutes, the way to work, the rest, the night
    },
  ]);
});

test('what waits for working hours is not in the ledger', async () => {
  recorder.clock.moveTo(atNight);
  await recorder.offered({ account: await anotherAccount() });
  expect(await ledger()).toEqual([]);
});

test('whoever acts at night by themselves was asked by nobody, and wakes nobody', async () => {
  recorder.clock.moveTo(atNight);
  const handoff = await recorder.offered(await urgentOffer());
  await recorder.db.deleteFrom('asked_outside').execute();
  const command = { type: 'decline', actor: tokyo.lead } as const;
  const content = await recorder.write('handoff.decline', tokyo.lead);
  expect(await handoff.does({ ...command, content })).toBe('recorded');
  expect(await ledger()).toEqual([]);
});

test('a step that comes again after a crash is counted once', async () => {
  recorder.clock.moveTo(atNight);
  const offer = await recorder.offerOf(await urgentOffer());
  const [id, commandId] = [randomUUID() as LoopId, randomUUID()];
  expect(await recorder.handoff(id).does(offer, undefined, commandId)).toBe('recorded');
  const [first] = await ledger();
  // A worker that died after the commit knows nothing of it, and the clock went on.
  recorder.clock.moveTo(recorder.clock.now() + 90_000);
  expect(await recorder.handoff(id).does(offer, undefined, commandId)).toBe('recorded');
  expect(await ledger()).toEqual([first]);
});

test('a step that is refused leaves nothing in the ledger', async () => {
  recorder.clock.moveTo(atNight);
  const offer = await recorder.offerOf({ ...(await urgentOffer()), actor: tokyo.backup });
  expect(await recorder.handoff().does(offer)).toBe('handoff.not_giver');
  expect(await ledger()).toEqual([]);
});

test('the region says how many minutes a message takes, by kind of step', async () => {
  const { db, clock } = recorder;
  const policy = { key: 'fairness.minutes', region_id: 'world', valid_from: '2026-11-01' };
  await db
    .insertInto('policy')
    .values({ ...policy, value: { default: 5, 'handoff.read_back': 40 } })
    .execute();
  clock.moveTo(atNight);
  await recorder.offered(await urgentOffer());
  await db.deleteFrom('policy').where('key', '=', 'fairness.minutes').execute();
  expect(await ledger()).toMatchObject([{ outside_minutes: 40 }]);
});

test.each([
  ['Asia/Tokyo', '2026-11-24T15:00Z'],
  ['America/Los_Angeles', '2026-11-25T08:00Z'],
])('a policy counts from the midnight of its region on: %s', async (zone, midnight) => {
  const { db } = recorder;
  const policy = { key: 'fairness.minutes', region_id: 'world', valid_from: '2026-11-25' };
  await db
    .insertInto('policy')
    .values({ ...policy, value: 40 })
    .execute();
  const region = db.updateTable('region').where('id', '=', 'world');
  const { zone: before } = await db
    .selectFrom('region')
    .select('zone')
    .where('id', '=', 'world')
    .executeTakeFirstOrThrow();
  await region.set({ zone }).execute();
  const valueAt = async (at: number) =>
    (await askMinutesPolicies(db, [tokyo.lead], at)).get(tokyo.lead);
  expect(await valueAt(Date.parse(midnight) - 1)).toBeNull();
  expect(await valueAt(Date.parse(midnight))).toBe(40);
  await region.set({ zone: before }).execute();
  await db.deleteFrom('policy').where('key', '=', 'fairness.minutes').execute();
});

test('an ordinary step costs the ledger no statement, one at night two', async () => {
  const [quiet, urgent] = [
    await recorder.offerOf({ account: await anotherAccount() }),
    await recorder.offerOf(await urgentOffer()),
  ];
  recorder.clock.moveTo(atNight);
  await recorder.offered(await urgentOffer()); // calendars are now known
  const ordinary = await recorder.statementsOf(() => recorder.handoff().does(quiet));
  const atOnce = await recorder.statementsOf(() => recorder.handoff().does(urgent));
  expect(atOnce - ordinary).toBe(2);
});

const call = async () => {
  const { id } = await recorder.offered({ account: await anotherAccount() });
  const from = Date.parse('2026-12-01T20:00Z'); // 21:00 in Berlin, 05:00 in Tokyo
  const range = { from, until: from + 30 * 60_000 };
  return { ...range, loop: id, sequence: 3, kind: 'handoff.call' };
};

test('an agreed call counts for those whose hours it is outside of, and once', async () => {
  const { db } = recorder;
  const agreed = await call();
  const keep = () =>
    db.transaction().execute(async (tx) => {
      await recordAsked(tx, { ...agreed, person: berlin.lead });
      await recordAsked(tx, { ...agreed, person: tokyo.lead });
    });
  await keep();
  await keep();
  expect((await ledger()).map((row) => [row.person_id, row.outside_minutes])).toEqual([
    [berlin.lead, 30],
    [tokyo.lead, 30],
  ]);
});

test('a call within hours is not in the ledger', async () => {
  const agreed = await call();
  const from = Date.parse('2026-12-01T10:00Z');
  await recorder.db
    .transaction()
    .execute((tx) =>
      recordAsked(tx, { ...agreed, from, until: from + 30 * 60_000, person: berlin.lead }),
    );
  expect(await ledger()).toEqual([]);
});

test('a call that letters did not do for counts for both, and no more once it is called off', async () => {
  recorder.clock.moveTo(Date.parse('2026-11-25T09:00Z'));
  const handoff = await recorder.offered({ account: await anotherAccount() });
  const says = async (type: 'readBack' | 'sendBack' | 'withdraw', actor: typeof tokyo.lead) => {
    const content = await recorder.write(`handoff.${type}`, actor);
    expect(await handoff.does({ type, actor, content })).toBe('recorded');
  };
  for (const _time of [1, 2]) {
    await says('readBack', tokyo.lead);
    await says('sendBack', berlin.lead);
  }
  expect(handoff.moments[0]?.command.type).toBe('proposeCall');
  expect(await handoff.fires()).toBe('recorded');
  // They never work at once: it is outside the hours of one of them, or of both.
  const asked = await ledger();
  expect(asked.map(({ kind }) => kind)).toContain('handoff.call');
  for (const { at, outside_minutes: minutes } of asked) {
    expect(at).toBeGreaterThan(recorder.clock.now());
    expect(minutes).toBeGreaterThan(0);
  }
  await says('withdraw', berlin.lead);
  expect(await ledger()).toEqual([]);
});

test('holding on across a gap counts an eighth of what lies outside one’s hours', async () => {
  const { db } = recorder;
  const { loop } = await call();
  const hold = { loop, account: await anotherAccount(), person: berlin.lead };
  const gap = (first: string, last: string, sequence: number) => {
    const [from, until] = [Date.parse(first), Date.parse(last)];
    return db.transaction().execute((tx) => recordStandby(tx, { ...hold, sequence, from, until }));
  };
  await gap('2026-12-01T16:00Z', '2026-12-02T00:00Z', 1); // 17:00 to 01:00 in Berlin
  await gap('2026-12-02T15:00Z', '2026-12-02T16:00Z', 2); // at work
  await gap('2026-12-04T16:00Z', '2026-12-07T00:00Z', 3); // a weekend
  const counted = (await ledger()).map(({ sequence, outside_minutes: minutes, until }) => [
    sequence,
    minutes,
    until,
  ]);
  // Nobody asked them for anything: it breaks no rest.
  expect(counted).toEqual([
    [1, 60, null],
    [3, 420, null],
  ]);
});

test('holding on that ends early, is off, or lasts longer than planned is corrected by a row beside what was counted', async () => {
  const { db } = recorder;
  const { loop } = await call();
  const [from, until] = ['2026-12-01T16:00Z', '2026-12-02T00:00Z'].map((at) => Date.parse(at));
  /** As planned, from 17:00 to 01:00 in Berlin; and as it then was. */
  async function held(sequence: number, end: { at: string; by: 'custody' | 'rotation' | 'both' }) {
    const [account, at] = [await anotherAccount(), Date.parse(end.at)];
    await db.transaction().execute(async (tx) => {
      const planned = { from: from ?? 0, until: until ?? 0, person: berlin.lead };
      await recordStandby(tx, { loop, sequence, account, ...planned });
    });
    const before = await ledger();
    await db.transaction().execute(async (tx) => {
      if (end.by !== 'rotation') await moveCustody(tx, { account, to: tokyo.lead, at, by: null });
      if (end.by !== 'custody') await settleStandby(tx, { loop, at });
      await settleStandby(tx, { account, at: at + dayMs });
    });
    const rows = await ledger();
    // What was counted stays as it was.
    expect(rows).toEqual(expect.arrayContaining(before));
    const own = rows.filter((row) => row.sequence === sequence);
    return own.map(({ kind, outside_minutes: minutes }) => `${kind} ${minutes}`).toSorted();
  }
  const planned = 'rotation.hold 60';
  const by = (kind: 'custody' | 'rotation' | 'both', at: string) => ({ by: kind, at });
  expect(await held(1, by('custody', '2026-12-02T00:00Z'))).toEqual([planned]);
  expect(await held(2, by('custody', '2026-12-01T20:00Z'))).toEqual([
    planned,
    'rotation.hold.corrected -30',
  ]);
  expect(await held(3, by('custody', '2026-12-01T15:30Z'))).toEqual([
    planned,
    'rotation.hold.corrected -60',
  ]);
  expect(await held(4, by('custody', '2026-12-02T04:00Z'))).toEqual([
    planned,
    'rotation.hold.corrected 30',
  ]);
  // Not twice, whichever comes first.
  expect(await held(5, by('both', '2026-12-01T20:00Z'))).toHaveLength(2);
  expect(await held(6, by('rotation', '2026-12-01T15:30Z'))).toHaveLength(2);
  const sums = await ownLedger(db, berlin.lead, Date.parse('2026-12-03T00:00Z'));
  expect(sums.minutes).toBe(60 + 30 + 0 + 90 + 30 + 0);
  expect(await soFar(db, [berlin.lead], Date.parse('2026-12-03T00:00Z'))).toEqual(
    new Map([[berlin.lead, sums.points]]),
  );
});

test('whoever confirms at night was asked by nobody either, and is told when they work', async () => {
  const { clock } = recorder;
  clock.moveTo(Date.parse('2026-11-25T01:00Z')); // 02:00 in Berlin, 10:00 in Tokyo
  const handoff = await recorder.offered(await urgentOffer());
  const content = await recorder.write('handoff.readBack', tokyo.lead);
  await handoff.does({ type: 'readBack', actor: tokyo.lead, content });
  await recorder.db.deleteFrom('asked_outside').execute();
  expect(await handoff.does({ type: 'confirm', actor: berlin.lead })).toBe('recorded');
  const told = await recorder.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', handoff.id)
    .where('key', '=', 'handoff.transferred')
    .where('urgency', '=', 'working')
    .execute();
  expect(told.map((row) => row.recipient_id)).toContain(berlin.lead);
  expect(await ledger()).toEqual([]);
});

test('points count for ninety days, and each person has their own', async () => {
  const { db, clock } = recorder;
  const { loop } = await call();
  const now = clock.now();
  const row = { loop, kind: 'test', outsideMinutes: 1, restMinutes: 0 };
  const from = (at: number) => ({ ...row, at, until: at + 60_000 });
  await insertAsked(db, [
    { ...from(now - 90 * dayMs), person: berlin.lead, sequence: 1, points: 1_000 },
    { ...from(now - 90 * dayMs + 1), person: berlin.lead, sequence: 2, points: 20 },
    { ...from(now + dayMs), person: berlin.lead, sequence: 3, points: 3 }, // agreed already
    { ...from(now), person: tokyo.lead, sequence: 3, points: 400 },
  ]);
  const people = [berlin.lead, tokyo.lead, tokyo.backup];
  expect([...(await soFar(db, people, now))]).toEqual([
    [berlin.lead, 23],
    [tokyo.lead, 400],
    [tokyo.backup, 0],
  ]);
  const own = await ownLedger(db, berlin.lead, now);
  expect([own.points, own.minutes, own.asked.map(({ sequence }) => sequence)]).toEqual([
    23,
    2,
    [3, 2],
  ]);
});
