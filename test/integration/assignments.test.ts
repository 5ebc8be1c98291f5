import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { assignmentFacts, foreseenFacts } from '../../db/assignment-facts.ts';
import { callOffMeetings, insertMeeting } from '../../db/assignment-meetings.ts';
import { loadCalendars } from '../../db/calendars.ts';
import type { DB } from '../../db/schema.ts';
import { factsOf } from '../../db/development-plan-facts.ts';
import { enterHours, lendingBetween } from '../../db/lending.ts';
import { staysOf } from '../../db/short-stays.ts';
import { insertTraining, remindTrainings } from '../../db/trainings.ts';
import { assignmentRules } from '../../domain/assignment/decide.ts';
import { initialAssignment, type SignerRole } from '../../domain/assignment/state.ts';
import { initialPlan } from '../../domain/development-plan/state.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { givenTwoRegions, home, host, proposalOf, termsFor } from '../support/assignment-story.ts';
import { berlin, givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import { proofSeed, proofSize } from '../support/proof.ts';
import { recordedLoop } from '../support/recorded-loop.ts';
import { storyClock } from '../support/story-clock.ts';
import { undone } from '../support/undone.ts';

const day = 86_400_000;
const ends = Date.parse('2027-06-30T00:00:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenHandoffPeople(database.db, ends - 400 * day);
  await givenTwoRegions(database.db);
  await database.db.deleteFrom('cultural_training').execute();
});
afterAll(() => database.drop());

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const holds = (person: PersonId, until: number, completed = until - 365 * day) =>
  insertTraining(database.db, {
    id: randomUUID(),
    person,
    regions: [home, host] as [RegionId, RegionId],
    completedOn: dayOf(completed),
    expiresOn: dayOf(until),
    by: tokyo.backup,
    at: completed,
  });

/** How many days before the end somebody was told, walking these days as the maintenance does. */
async function toldOn(person: PersonId, daysBefore: readonly number[]): Promise<readonly number[]> {
  const { db } = database;
  const told: number[] = [];
  for (const before of daysBefore) {
    const at = ends - before * day + 9 * 3_600_000;
    await remindTrainings(db, at);
    const notices = await db
      .selectFrom('notice')
      .select('recipient_id')
      .where('key', '=', 'assignment.training_ends')
      .where('send_at', '=', at)
      .execute();
    const people = notices.map(({ recipient_id: to }) => to);
    if (people.includes(person)) told.push(before);
    expect(new Set(people).size).toBe(people.length);
  }
  return told;
}

const from = (days: number): readonly number[] =>
  Array.from({ length: days + 2 }, (_none, index) => days - index);

test('whoever holds a training is reminded 90, 60, 30 and 7 days before it ends, once each, and not after it', async () => {
  await holds(berlin.lead, ends);
  expect(await toldOn(berlin.lead, from(100))).toEqual([90, 60, 30, 7]);
});

test('a reminder that was missed comes once later, and those that it makes needless never do', async () => {
  await holds(berlin.manager, ends);
  expect(await toldOn(berlin.manager, [120, 50, 49, 31, 30, 29, 5, 4, 0, -1])).toEqual([50, 30, 5]);
});

test('nobody is reminded of what a later training outlasts, nor once they have left; entered anew it counts anew', async () => {
  await holds(tokyo.manager, ends);
  expect(await toldOn(tokyo.manager, [90, 89])).toEqual([90]);
  await holds(tokyo.manager, ends + 300 * day, ends - 30 * day);
  expect(await toldOn(tokyo.manager, [60, 30, 7])).toEqual([]);
  await holds(tokyo.lead, ends + 5 * day);
  expect(await toldOn(tokyo.lead, [85])).toEqual([85]);
  await holds(tokyo.lead, ends, ends - 360 * day);
  expect(await toldOn(tokyo.lead, [84, 60])).toEqual([84, 60]);
  const left = new Date(ends - 59 * day).toISOString();
  await database.db
    .updateTable('person')
    .set({ left_at: left as never })
    .where('id', '=', tokyo.lead)
    .execute();
  expect(await toldOn(tokyo.lead, [30, 7])).toEqual([]);
});

test('a request to sign lasts five working days of whoever needs longest, a review of a plan and its coach theirs, in their own calendar', async () => {
  const { db } = database;
  const people = [berlin.lead, berlin.manager, tokyo.manager];
  const proposed = {
    ...initialAssignment,
    status: 'proposed',
    participant: berlin.lead,
    homeRegion: home,
    hostRegion: host,
  } as const;
  const terms = termsFor({ clock: { now: () => ends } });
  // A Wednesday, at noon in Tokyo.
  const since = Date.parse('2027-06-02T03:00:00Z');
  const signBy = async (signed: readonly SignerRole[]) => {
    const factsOf = await foreseenFacts(db, proposed, people);
    const pending = { number: 1, terms, signed, since, isReminded: false };
    return factsOf({ ...proposed, pending }).signBy;
  };
  const days = (at: number | null): number => ((at ?? 0) - since) / day;
  expect(Math.floor(days(await signBy([])))).toBe(7);
  await db
    .insertInto('absence')
    .values({
      id: 'rest',
      person_id: tokyo.manager,
      first_day: '2027-06-07',
      last_day: '2027-06-18',
    })
    .execute();
  // Two weeks more, and a signature moves it no nearer for the others.
  expect(Math.floor(days(await signBy([])))).toBe(21);
  expect(Math.floor(days(await signBy(['host'])))).toBe(21);
  expect(Math.floor(days(await signBy(['host', 'home'])))).toBe(21);
  // The same of a plan that the two agree to.
  const [subject, manager] = [tokyo.manager, berlin.lead];
  const agreed = { number: 1, terms: {} as never, agreed: ['subject'], since, isReminded: false };
  const plan = { ...initialPlan, status: 'proposed', subject, manager, pending: agreed } as never;
  const calendars = await loadCalendars(db, [subject, manager]);
  expect(Math.floor(days(factsOf(plan, calendars, since).agreeBy))).toBe(21);
  const coachAsked = { number: 1, since, isReminded: false };
  const running = {
    ...initialPlan,
    status: 'running',
    subject: manager,
    terms: { reviewDays: 5, coach: subject },
    reviewedAt: since,
    coachAsked,
  } as never;
  const { reviewAt, coachDueAt } = factsOf(running, calendars, since);
  expect([reviewAt, coachDueAt].map((at) => Math.floor(days(at)))).toEqual([7, 21]);
});

test('who judges whether regulations allow it, and leaves or holds that office no more, is followed by who does; where nobody does, no change is held up', async () => {
  const { db } = database;
  const clock = storyClock(ends + 30 * day);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const london = person('london-lead');
  const offices = (of: readonly (readonly [PersonId, RegionId | null])[]) =>
    db.transaction().execute(async (tx) => {
      await tx.deleteFrom('person_role').where('role', '=', 'compliance').execute();
      for (const [person_id, region_id] of of) {
        const role = { person_id, role: 'compliance', region_id } as const;
        await tx.insertInto('person_role').values(role).execute();
      }
    });
  const leaves = (id: PersonId, at: string | null) =>
    sql`UPDATE person SET left_at = ${at} WHERE id = ${id}`.execute(db);
  await offices([
    [tokyo.backup, host],
    [tokyo.manager, host],
    [london, null],
  ]);
  const shadowing = recordedLoop({ record, clock }, assignmentRules);
  const approves = (actor: PersonId) => shadowing.does({ type: 'approve', actor });
  const asked = { kind: 'shadowing', compliance: tokyo.backup, terms: { accounts: [] } } as const;
  expect(await shadowing.does(proposalOf({ clock }, asked))).toBe('recorded');
  clock.moveTo(clock.now() + 2 * day);
  // The host manager holds the office too, and signs.
  await leaves(tokyo.backup, '2027-07-31');
  expect(await approves(tokyo.backup)).toBe('person.left');
  expect(await shadowing.replans()).toBe('recorded');
  expect(shadowing.moments[0]?.command).toMatchObject({ person: tokyo.backup, to: london });
  expect(await shadowing.fires()).toBe('recorded');
  const anew = { compliance: london, pending: { since: clock.now(), isReminded: false } };
  expect(shadowing.state).toMatchObject(anew);
  const told = await db
    .selectFrom('notice')
    .select(['recipient_id', 'key'])
    .where('loop_id', '=', shadowing.id)
    .where('key', 'in', ['assignment.approver_replaced', 'assignment.allow'])
    .where('send_at', '>=', clock.now())
    .execute();
  expect(told.map(({ recipient_id: to, key }) => `${key} ${to}`).toSorted()).toEqual([
    `assignment.allow ${london}`,
    `assignment.approver_replaced ${berlin.lead}`,
    `assignment.approver_replaced ${berlin.manager}`,
    `assignment.approver_replaced ${tokyo.manager}`,
  ]);
  const { since } = shadowing.state.pending ?? {};
  await leaves(tokyo.backup, null);
  await offices([[tokyo.backup, null]]);
  expect(await approves(london)).toBe('assignment.not_approver');
  expect(await shadowing.replans()).toBe('recorded');
  clock.moveTo(clock.now() + day);
  expect([await shadowing.fires(), shadowing.state.compliance]).toEqual(['recorded', tokyo.backup]);
  expect(await approves(tokyo.backup)).toBe('recorded');
  await offices([]);
  expect(await shadowing.replans()).toBe('unchanged');
  expect(shadowing.state.pending?.since).toBeGreaterThan(since ?? 0);
  const terms = termsFor({ clock: { now: () => clock.now() - 3 * day } }, { accounts: [] });
  const change = { type: 'change', actor: berlin.manager } as const;
  expect(await shadowing.does({ ...change, terms: { ...terms, weeklyHours: 7 } })).toBe('recorded');
  const longer = { ...terms, lastDay: '2028-01-31' };
  expect(await shadowing.does({ ...change, terms: longer })).toBe('assignment.not_approver');
});

/** Berlin's lead works with Tokyo from home, from March to May. */
async function givenVirtual(tx: Transaction<DB>, id: LoopId): Promise<void> {
  await tx.insertInto('loop_instance').values({ id, loop: 'assignment' }).execute();
  await sql`INSERT INTO assignment (id, kind, status, participant_id, home_manager_id,
      host_manager_id, home_region_id, host_region_id, days, weekly_hours, overlap_hours,
      is_binding, proposed_at)
    VALUES (${id}, 'virtual', 'running', ${berlin.lead}, ${berlin.manager}, ${tokyo.manager},
      ${home}, ${host}, '[2027-03-01,2027-06-01)', 8, 2, true, now())`.execute(tx);
}

test('what a meeting would ask of somebody at night is charged to nobody once it is off, and what has been stays', async () => {
  const id = randomUUID() as LoopId;
  const people = [berlin.lead, tokyo.manager];
  await undone(database.db, async (tx) => {
    await givenVirtual(tx, id);
    for (const [number, month] of [3, 4].entries()) {
      const from = Date.parse(`2027-0${month}-10T02:00:00Z`);
      const slot = { from, until: from + day / 24 };
      const asked = { commandId: randomUUID(), by: berlin.lead, at: from - 7 * day };
      await insertMeeting(tx, { assignment: id, number, slot, people, ...asked });
    }
    const charged = async (): Promise<readonly string[]> => {
      const rows = await tx
        .selectFrom('asked_outside')
        .selectAll()
        .where('loop_id', '=', id)
        .execute();
      return rows.map(({ person_id: who, at }) => `${who} ${dayOf(at)}`).toSorted();
    };
    const both = (on: string) => people.map((who) => `${who} ${on}`);
    const past = both('2027-03-10');
    expect(await charged()).toEqual([...past, ...both('2027-04-10')].toSorted());
    await callOffMeetings(tx, { id, at: Date.parse('2027-04-01T00:00:00Z'), people });
    expect(await charged()).toEqual(past);
  });
});

test('a meeting far ahead does not fill the time until it comes, and one within it does', async () => {
  const { db } = database;
  // A Monday morning in Berlin, where the participant is.
  const startedAt = Date.parse('2027-03-01T08:00:00Z');
  const state = {
    ...initialAssignment,
    status: 'running',
    participant: berlin.lead,
    homeRegion: home,
    hostRegion: host,
    terms: termsFor({ clock: { now: () => startedAt } }),
    startedAt,
  } as const;
  const id = randomUUID() as LoopId;
  await undone(db, async (tx) => {
    await givenVirtual(tx, id);
    const stallDay = async (): Promise<string> =>
      dayOf((await assignmentFacts(tx, state, id)).stallAt ?? 0);
    const meets = (number: number, at: string) =>
      sql`INSERT INTO assignment_meeting (assignment_id, number, period, proposed_by, proposed_at,
          command_id)
        VALUES (${id}, ${number}, tstzrange(${at}::timestamptz, ${at}::timestamptz + interval '1 hour'),
          ${berlin.lead}, now(), ${randomUUID()})`.execute(tx);
    const alone = await stallDay();
    expect(alone).toBe('2027-03-15');
    await meets(0, '2027-05-20T09:00:00Z');
    expect(await stallDay()).toBe(alone);
    await meets(1, '2027-03-05T09:00:00Z');
    expect(await stallDay()).toBe('2027-03-25');
  });
});

test('a stay that is over counts to the day of the return, with where it led from and to', async () => {
  const { db } = database;
  const end = '2027-03-05 10:00+09';
  await undone(db, async (tx) => {
    const id = randomUUID() as LoopId;
    await tx.insertInto('loop_instance').values({ id, loop: 'assignment' }).execute();
    await sql`INSERT INTO assignment (id, kind, status, participant_id, home_manager_id,
        host_manager_id, home_region_id, host_region_id, days, weekly_hours, overlap_hours,
        is_binding, proposed_at)
      VALUES (${id}, 'onsite', 'closing', ${berlin.lead}, ${berlin.manager}, ${tokyo.manager},
        ${home}, ${host}, '[2027-03-01,2027-05-01)', 8, 2, false, now())`.execute(tx);
    await sql`INSERT INTO host_access (assignment_id, person_id, region_id, period)
      VALUES (${id}, ${berlin.lead}, ${host}, tstzrange('2027-03-01 00:00+09', ${end}::timestamptz))`.execute(
      tx,
    );
    const asked = { person: berlin.lead, except: randomUUID() as LoopId };
    expect(await staysOf(tx, asked)).toMatchObject([
      { firstDay: '2027-03-01', lastDay: '2027-03-05', isOwnWord: false },
    ]);
  });
});

test('hours lent and borrowed in a quarter are those of each day that somebody worked, entry by entry', async () => {
  const { db } = database;
  const places = ['north', 'south', 'east'] as const;
  const entry = fc.record({
    by: fc.nat(8),
    on: fc.integer({
      min: Date.parse('2026-12-20') / day,
      max: Date.parse('2027-04-10') / day,
    }),
    minutes: fc.integer({ min: 1, max: 600 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 5 }),
      fc.array(entry, { maxLength: 30 }),
      async (pairs, entries) => {
        await undone(db, async (tx) => {
          const ids: LoopId[] = [];
          for (const place of places) {
            await sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
              SELECT ${place}, 'A region', 'en', 'Etc/UTC', ${berlin.manager}, id FROM working_week
              LIMIT 1`.execute(tx);
          }
          const sides = pairs.map(
            ([from, step]) => [places[from], places[(from + step) % 3]] as const,
          );
          for (const [home, host] of sides) {
            const id = randomUUID() as LoopId;
            ids.push(id);
            await tx.insertInto('loop_instance').values({ id, loop: 'assignment' }).execute();
            await sql`INSERT INTO assignment (id, kind, status, participant_id, home_manager_id,
                host_manager_id, home_region_id, host_region_id, days, weekly_hours, overlap_hours,
                is_binding, proposed_at)
              VALUES (${id}, 'mentorship', 'running', ${berlin.lead}, ${berlin.manager}, ${berlin.manager}, ${home!}, ${host!},
                '[2026-12-01,2027-05-01)', 8, 2, true, now())`.execute(tx);
          }
          // Entered again, the later entry of a day counts.
          const last = new Map<string, number>();
          for (const { by, on, minutes } of entries) {
            const of = by % ids.length;
            const date = new Date(on * day).toISOString().slice(0, 10);
            const hours = { day: date, minutes, overlapMinutes: 0, by: berlin.lead, at: 0 };
            await enterHours(tx, { assignment: ids[of]!, ...hours });
            last.set(`${of} ${date}`, minutes);
          }
          const counted = await lendingBetween(tx, {
            firstDay: '2027-01-01',
            lastDay: '2027-03-31',
          });
          for (const place of places) {
            let [lentMinutes, borrowedMinutes] = [0, 0];
            for (const [key, minutes] of last) {
              const [of = '', date = ''] = key.split(' ');
              if (!['2027-01', '2027-02', '2027-03'].includes(date.slice(0, 7))) continue;
              const [home, host] = sides[Number(of)]!;
              if (home === place) lentMinutes += minutes;
              if (host === place) borrowedMinutes += minutes;
            }
            const nothing = { lentMinutes: 0, borrowedMinutes: 0 };
            expect(counted.get(place as RegionId) ?? nothing).toEqual({
              lentMinutes,
              borrowedMinutes,
            });
          }
        });
      },
    ),
    { numRuns: proofSize(20, 500), seed: proofSeed },
  );
});
