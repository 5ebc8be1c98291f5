/** Days: where they begin and end, whose they are in a deadline, and those of stay as their participant is told. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mobilitySentence } from '../../api/assignments/mobility.ts';
import { foreseenFacts } from '../../db/assignment-facts.ts';
import { replaceStays } from '../../db/short-stays.ts';
import type { DB } from '../../db/schema.ts';
import { assignmentNotices } from '../../domain/assignment/notices.ts';
import { assignmentKinds, initialAssignment, type Terms } from '../../domain/assignment/state.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { givenPeople } from '../support/people.ts';
import { proofSeed, proofSize, reportProof } from '../support/proof.ts';
import { walkedStays } from '../support/stay-oracle.ts';
import { undone } from '../support/undone.ts';

const day = 86_400_000;
const [lead, manager] = ['lead', 'manager'] as [PersonId, PersonId];
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenPeople(
    database.db,
    [lead, manager].map((id) => ({ id, zone: 'Etc/UTC' })),
  );
  for (const { id, name, country } of regions) {
    await sql`INSERT INTO region (id, name, locale, zone, country, manager_id, week_id)
      SELECT ${id}, ${name}, 'en', 'Asia/Tokyo', ${country}, ${manager}, id
      FROM working_week LIMIT 1`.execute(database.db);
  }
});
afterAll(() => database.drop());

/** Two of the area, one beyond it, and one of which no country is known. */
const countries = ['DE', 'FR', 'JP', null] as const;
const regions = countries.map((country, index) => ({
  id: `place-${index}` as RegionId,
  name: 'A place',
  country,
}));
const isEntry = (from: number, to: number): boolean => from >= 2 && to < 2;

/** Half of them lead from outside into the area. */
const anyWay = fc.oneof(
  fc.record({ from: fc.constantFrom(2, 3), to: fc.nat(1) }),
  fc
    .record({ from: fc.nat(3), step: fc.integer({ min: 1, max: 3 }) })
    .map(({ from, step }) => ({ from, to: (from + step) % 4 })),
);
const anyStay = fc.record({
  way: anyWay,
  kind: fc.constantFrom('onsite', 'shadowing', 'virtual', 'mentorship'),
  gap: fc.nat(30),
  length: fc.nat(100),
  /** Still ahead or under way; called off; or over after so many days, at that hour of the place. */
  fate: fc.oneof(
    fc.constantFrom('binding', 'off'),
    fc.record({ after: fc.nat(80), hour: fc.constantFrom(0, 10) }),
  ),
});
type KeptStay = ReturnType<typeof stayIn>;

const begin = Date.parse('2027-01-01') / day;
const dayOf = (on: number): string => new Date(on * day).toISOString().slice(0, 10);

/** One after the other: which days it is agreed for, and on which day its participant comes back. */
function stayIn(
  { way, kind, gap, length, fate }: typeof anyStay extends fc.Arbitrary<infer One> ? One : never,
  next: number,
) {
  const [firstDay, agreedTo] = [next + gap, next + gap + length];
  const isOver = typeof fate !== 'string';
  const back = isOver ? firstDay + Math.min(fate.after, length) : agreedTo;
  const isMidnight = isOver && fate.hour === 0;
  const lastDay = Math.max(firstDay, isMidnight ? back - 1 : back);
  const isThere = kind === 'onsite' || kind === 'shadowing';
  const counts = fate !== 'off' && isThere && isEntry(way.from, way.to);
  return { way, kind, fate, firstDay, agreedTo, back, lastDay, counts };
}

async function keep(tx: Transaction<DB>, stay: KeptStay): Promise<void> {
  const { way, kind, fate, firstDay, agreedTo, back } = stay;
  const id = randomUUID();
  const [home, host] = [regions[way.from]!.id, regions[way.to]!.id];
  const status = fate === 'binding' ? 'running' : fate === 'off' ? 'cancelled' : 'closed';
  await tx.insertInto('loop_instance').values({ id, loop: 'assignment' }).execute();
  await sql`INSERT INTO assignment (id, kind, status, participant_id, home_manager_id, host_manager_id,
      home_region_id, host_region_id, days, weekly_hours, overlap_hours, is_binding, proposed_at)
    VALUES (${id}, ${kind}, ${status}, ${lead}, ${manager}, ${manager}, ${home}, ${host},
      daterange(${dayOf(firstDay)}::date, ${dayOf(agreedTo)}::date, '[]'), 8, 2,
      ${fate === 'binding'}, now())`.execute(tx);
  if (typeof fate === 'string') return;
  const [from, until] = [`${dayOf(firstDay - 1)} 00:00+09`, `${dayOf(back)} ${fate.hour}:00+09`];
  await sql`INSERT INTO host_access (assignment_id, person_id, region_id, period)
    VALUES (${id}, ${lead}, ${host}, tstzrange(${from}::timestamptz, ${until}::timestamptz))`.execute(
    tx,
  );
}

test('days of stay are those of a calendar walked day by day: entries from outside alone, an early return to its day, later stays and one’s own word', async () => {
  const told = new Set<string>();
  const given = fc.record({
    stays: fc.array(anyStay, { maxLength: 6, size: 'max' }),
    own: fc.array(fc.record({ first: fc.nat(400), length: fc.nat(40) }), { maxLength: 2 }),
    planned: fc.record({ way: anyWay, first: fc.nat(400), length: fc.nat(100) }),
  });
  const numRuns = proofSize(40, 3_000);
  reportProof('days of stay as they are told', numRuns);
  await fc.assert(
    fc.asyncProperty(given, ({ stays, own, planned: { way, first, length } }) =>
      undone(database.db, async (tx) => {
        const said = own.map((one) => [begin + one.first, begin + one.first + one.length] as const);
        const days = said.map(([from, to]) => ({ firstDay: dayOf(from), lastDay: dayOf(to) }));
        await replaceStays(tx, lead, days);
        const counted = said.map(([firstDay, lastDay]) => ({ firstDay, lastDay }));
        let next = begin;
        for (const one of stays) {
          const stay = stayIn(one, next);
          await keep(tx, stay);
          if (stay.counts) counted.push(stay);
          next = stay.agreedTo + 1;
        }
        const plan = { firstDay: begin + first, lastDay: begin + first + length };
        const terms = { firstDay: dayOf(plan.firstDay), lastDay: dayOf(plan.lastDay) } as never;
        const [homeRegion, hostRegion] = [regions[way.from]!.id, regions[way.to]!.id];
        const led = { kind: 'onsite', participant: lead, homeRegion, hostRegion, terms } as const;
        const state = { ...initialAssignment, ...led };
        const row = {
          id: randomUUID() as LoopId,
          state,
          proposedAt: 0,
          closedAt: null,
          revision: 1,
        };
        const names = { people: [], accounts: [], regions };
        const { days: most, firstOver } = walkedStays(counted, plan);
        const params = { days: most, max: 90 };
        const within = { key: 'assignment.stay_within', params };
        const over = {
          key: 'assignment.stay_over',
          params: { ...params, day: { day: dayOf(firstOver ?? 0) } },
        };
        const asked = isEntry(way.from, way.to) ? (firstOver === null ? within : over) : null;
        told.add(asked?.key ?? 'nothing');
        expect(await mobilitySentence(tx, lead, row, names)).toEqual(asked);
        expect(await mobilitySentence(tx, manager, row, names)).toBeNull();
      }),
    ),
    { numRuns, seed: proofSeed },
  );
  expect(told.size).toBe(3);
});

/** The lead works with Tokyo; their own clock is that of Greenwich. */
const placed = {
  ...initialAssignment,
  participant: lead,
  homeRegion: 'world' as RegionId,
  hostRegion: regions[2]!.id,
  terms: { firstDay: '2027-07-01', lastDay: '2027-07-02', home: manager, host: manager } as Terms,
} as const;

test('days begin and end at midnight at the host for whoever goes there, and at home for whoever stays', async () => {
  for (const kind of assignmentKinds) {
    const state = { ...placed, status: 'agreed', kind } as const;
    const { days } = (await foreseenFacts(database.db, state, [lead]))(state);
    const walls = [days?.from, days?.until].map((at) => new Date(at ?? 0).toISOString());
    const isThere = kind === 'onsite' || kind === 'shadowing';
    const hour = isThere ? '15:00' : '00:00';
    const [first, after] = isThere ? ['2027-06-30', '2027-07-02'] : ['2027-07-01', '2027-07-03'];
    expect([kind, ...walls]).toEqual([
      kind,
      `${first}T${hour}:00.000Z`,
      `${after}T${hour}:00.000Z`,
    ]);
  }
});

test('whoever does not say in five of their working days how it goes is late after two more, and their manager hears of it', async () => {
  // A Wednesday, at ten.
  const checkIn = { number: 1, since: Date.parse('2027-06-02T10:00:00Z'), isLate: false };
  const state = { ...placed, status: 'running', checkIn } as const;
  const facts = (await foreseenFacts(database.db, state, [lead]))(state);
  const { checkInDueAt: due, checkInLateAt: late } = facts;
  const dayAt = (at: number | null) => new Date(at ?? 0).toISOString().slice(0, 10);
  expect([dayAt(due), dayAt(late)]).toEqual(['2027-06-09', '2027-06-11']);
  const told = assignmentNotices({ type: 'checkInLate', number: 1 }, state);
  expect(told.map(({ to, key }) => [to, key])).toEqual(
    [lead, manager].map((to) => [to, 'assignment.check_in_late']),
  );
});
