import { expect, test } from 'vitest';
import type { CoverEvent } from '../../domain/cover/state.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';
import { asWorkingTime } from '../../domain/time/planning.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import {
  type AccountLog,
  type Colleague,
  type Left,
  runRotation,
} from '../support/rotation-years.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../support/proof.ts';
import { oracle, walk } from '../support/time-oracle.ts';

const dayMs = 86_400_000;
const quarterMs = 15 * 60_000;
const from = Date.UTC(2026, 11, 7);
const days = 400;
const until = from + days * dayMs;
const accounts = proofSize(25, 1_000);

const zones = [
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Riyadh',
  'Europe/Berlin',
  'Europe/London',
  'Africa/Cairo',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Los_Angeles',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Asia/Kathmandu',
] as const;

const shifts = [
  [[540, 1020]],
  [
    [420, 660],
    [720, 960],
  ],
  [[840, 1320]],
  [[1320, 1800]],
] as const;

const dayText = (offset: number): string =>
  new Date(from + offset * dayMs).toISOString().slice(0, 10);

/** Four people a zone: their own shifts, one weekend from Friday on, each away now and then. */
function everybody(random: () => number): ReadonlyMap<PersonId, Colleague> {
  const people = zones.flatMap((zone, z) =>
    shifts.map((shift, s) => {
      const isFridayOff = zone === 'Asia/Riyadh' || zone === 'Africa/Cairo';
      const off = isFridayOff ? ['fri', 'sat'] : ['sat', 'sun'];
      const week = Object.fromEntries(
        ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((weekday) => [
          weekday,
          off.includes(weekday) ? [] : shift,
        ]),
      );
      const absences = Array.from({ length: 6 }, (_, month) => {
        const first = month * 66 + Math.floor(random() * 50);
        return { firstDay: dayText(first), lastDay: dayText(first + Math.floor(random() * 10)) };
      });
      const holidays = [25, 140, 201, 390].map((day) => dayText(day + z));
      const calendar = {
        zone,
        week,
        days: holidays.map((day) => ({ day, kind: 'off' })),
        absences,
        revision: 1,
      } as unknown as WorkingCalendar;
      const id = `p-${z}-${s}` as PersonId;
      const manager = s === 0 ? null : (`p-${z}-0` as PersonId);
      const backup = `p-${z}-${(s + 1) % shifts.length}` as PersonId;
      const clock = openCalendar(calendar);
      return { id, calendar, clock, working: asWorkingTime(clock), manager, backup };
    }),
  );
  return new Map(people.map((one) => [one.id, one]));
}

/** Two of three who take turns, and some of the others, at any time; heads of a place stay. */
function leaversOf(
  people: ReadonlyMap<PersonId, Colleague>,
  members: readonly PersonId[],
  random: () => number,
): readonly (readonly [PersonId, Instant])[] {
  const others = [...people.keys()].filter((id) => !members.includes(id) && random() < 0.3);
  return [...(members.length > 2 ? members.slice(0, 2) : []), ...others]
    .filter((id) => people.get(id)?.manager !== null)
    .map((id) => [id, from + Math.floor(random() * days * dayMs)] as const)
    .toSorted(([, a], [, b]) => a - b);
}

/** As a step has it: who gives it away and who gets it, whoever owned it. */
interface Move {
  readonly at: Instant;
  readonly giver: PersonId;
  readonly to: PersonId;
}

/** Who has an account by a cover, or gives it for one. */
interface Lent {
  readonly owner: PersonId;
  readonly taker: PersonId | null;
}

/** From whom to whom a cover or a departure moves an account, by what it says itself. */
function lentBy(event: CoverEvent | Left, lent: Lent | undefined): Omit<Move, 'at'> | null {
  if (event.type === 'left') return { giver: event.from, to: event.to };
  if (event.type === 'begun' && lent) return { giver: lent.owner, to: event.to };
  if (event.type === 'replaced' && lent?.taker) return { giver: event.person, to: event.to };
  return event.type === 'returned' ? { giver: event.from, to: event.to } : null;
}

/** From the log alone: each move that a step made, and whatever contradicts that one always owned it. */
function audit({ owner: first, entries, from: begun, account }: AccountLog) {
  const moves: Move[] = [];
  let owner = first;
  const wrong: string[] = [];
  const open = new Map<string, { readonly giver: PersonId }>();
  const lent = new Map<string, Lent>();
  let last = begun;
  for (const { loop, id, at, event } of entries) {
    if (at < last) wrong.push(`${id}: time goes back to ${at}`);
    last = at;
    if (loop === 'rotation') continue;
    if (loop === 'cover' || loop === 'directory') {
      const move = lentBy(event as CoverEvent | Left, lent.get(id));
      if (event.type === 'requested') lent.set(id, { owner: event.owner, taker: null });
      if (event.type === 'begun') lent.set(id, { owner: event.to, taker: event.to });
      if (event.type === 'replaced' && move) lent.set(id, { owner: event.to, taker: event.to });
      if (!move || move.giver === move.to) continue;
      if (move.giver !== owner)
        wrong.push(`${id}: ${event.type} by ${move.giver}, owned by ${owner}`);
      moves.push({ at, ...move });
      owner = move.to;
      continue;
    }
    if (event.type === 'offered') {
      if (open.size > 0) wrong.push(`${id}: a second handoff of ${account}`);
      if (event.giver !== owner) wrong.push(`${id}: given by ${event.giver}, owned by ${owner}`);
      open.set(id, { giver: event.giver });
    }
    if (!open.has(id)) wrong.push(`${id}: ${event.type} after its end`);
    if (event.type === 'transferred' || event.type === 'bounced') {
      const giver = open.get(id)?.giver ?? owner;
      if (giver !== owner) wrong.push(`${id}: moved from somebody who did not own it`);
      moves.push({ at, giver, to: event.to });
      owner = event.to;
      open.delete(id);
    }
    if (event.type === 'withdrawn' || event.type === 'dropped') open.delete(id);
  }
  return { moves, wrong };
}

/**
 * How many quarters of an hour have no owner, or two. Each person counts for themselves: they have it
 * from when they got it until they gave it away, so that a gift of what is another's leaves two.
 */
function countOwners(
  first: PersonId,
  moves: readonly Move[],
): readonly [none: number, two: number] {
  const has = new Map<PersonId, number>([[first, 1]]);
  const changes = (person: PersonId, by: number) => has.set(person, (has.get(person) ?? 0) + by);
  let [none, two, next] = [0, 0, 0];
  for (let at = from; at < until; at += quarterMs) {
    for (; next < moves.length && moves[next]!.at <= at; next++) {
      changes(moves[next]!.giver, -1);
      changes(moves[next]!.to, 1);
    }
    let owners = 0;
    for (const count of has.values()) if (count > 0) owners++;
    if (owners === 0) none++;
    if (owners > 1) two++;
  }
  return [none, two];
}

test('the walk sees two owners where somebody gives away what is another’s', () => {
  const [a, b, c] = ['a', 'b', 'c'] as PersonId[] as [PersonId, PersonId, PersonId];
  const day = (n: number, giver: PersonId, to: PersonId) => ({ at: from + n * dayMs, giver, to });
  expect(countOwners(a, [day(1, a, b), day(2, b, c)])).toEqual([0, 0]);
  expect(countOwners(a, [day(days - 1, b, c)])).toEqual([0, dayMs / quarterMs]);
});

test(`for ${accounts} accounts in rotation over ${days} days somebody owns each, one alone, and nobody is reminded at home`, () => {
  reportProof('rotations of accounts over 400 days', accounts);
  const random = randomFrom(proofSeed);
  const people = everybody(random);
  const ids = [...people.keys()];
  const oracles = new Map<PersonId, ReturnType<typeof oracle>>();
  const walks = new Map(
    zones.map((zone) => [zone as string, walk(zone, { from, until, stepMs: quarterMs })]),
  );
  for (const { id, calendar } of people.values()) {
    oracles.set(id, oracle(walks.get(calendar.zone)!, calendar));
  }
  const begun = process.cpuUsage();
  const sums = {
    handoffs: 0,
    moves: 0,
    bounced: 0,
    covered: 0,
    overtaken: 0,
    dropped: 0,
    returned: 0,
    left: 0,
    reminders: 0,
  };
  const wrong: string[] = [];
  for (let n = 0; n < accounts; n++) {
    const members = [
      ...new Set(Array.from({ length: 3 }, () => ids[Math.floor(random() * ids.length)]!)),
    ];
    if (members.length < 2) continue;
    const leadMinutes = Math.floor(random() * 5) * 30;
    const leaves = leaversOf(people, members, random);
    const team = { people, members, leadMinutes, leaves, random };
    const log = runRotation(`account-${n}` as AccountId, team, { from, until });
    const { moves, wrong: found } = audit(log);
    wrong.push(...found);
    const [none, two] = countOwners(log.owner, moves);
    if (none + two > 0)
      wrong.push(`${log.account}: ${none} instants without owner, ${two} with two`);
    for (const { to, sendAt } of log.reminders) {
      if (sendAt >= until) continue;
      const isAtWork = oracles.get(to)!.isWorking(Math.floor((sendAt - from) / quarterMs));
      if (!isAtWork) wrong.push(`${to} is reminded at home at ${new Date(sendAt).toISOString()}`);
    }
    sums.moves += moves.filter(({ giver, to }) => giver !== to).length;
    sums.reminders += log.reminders.length;
    for (const { event } of log.entries) {
      if (event.type === 'offered') sums.handoffs++;
      if (event.type === 'bounced') sums.bounced++;
      if (event.type === 'begun') sums.covered++;
      if (event.type === 'returned') sums.returned++;
      if (event.type === 'overtaken') sums.overtaken++;
      if (event.type === 'dropped') sums.dropped++;
      if (event.type === 'left') sums.left++;
    }
  }
  const { user, system } = process.cpuUsage(begun);
  const seconds = ((user + system) / 1_000_000).toFixed(1);
  process.stdout.write(`${JSON.stringify(sums)} in ${seconds} s of one core\n`);
  expect(wrong.slice(0, 10)).toEqual([]);
  // The story is one in which everything happens.
  expect(sums.handoffs).toBeGreaterThan(accounts * 50);
  expect(sums.bounced).toBeGreaterThan(0);
  expect(sums.covered).toBeGreaterThan(accounts);
  expect(sums.returned).toBeGreaterThan(accounts / 2);
  expect(sums.left).toBeGreaterThan(accounts / 50);
  expect(sums.reminders).toBeGreaterThan(accounts);
});
