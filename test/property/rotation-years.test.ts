import { expect, test } from 'vitest';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';
import { asWorkingTime } from '../../domain/time/planning.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { type Colleague, type AccountLog, runRotation } from '../support/rotation-years.ts';
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

type Owned = readonly (readonly [at: Instant, owner: PersonId])[];

/** From the log alone: who owned it from when on, and whatever contradicts that somebody always did. */
function audit({ owner: first, entries, from: begun, account }: AccountLog) {
  const owned: [Instant, PersonId][] = [[begun, first]];
  const wrong: string[] = [];
  const open = new Map<string, { readonly giver: PersonId }>();
  let last = begun;
  for (const { loop, id, at, event } of entries) {
    if (at < last) wrong.push(`${id}: time goes back to ${at}`);
    last = at;
    if (loop === 'rotation') continue;
    const [, owner] = owned.at(-1)!;
    if (event.type === 'offered') {
      if (open.size > 0) wrong.push(`${id}: a second handoff of ${account}`);
      if (event.giver !== owner) wrong.push(`${id}: given by ${event.giver}, owned by ${owner}`);
      open.set(id, { giver: event.giver });
    }
    if (!open.has(id)) wrong.push(`${id}: ${event.type} after its end`);
    if (event.type === 'transferred' || event.type === 'bounced') {
      if (open.get(id)?.giver !== owner)
        wrong.push(`${id}: moved from somebody who did not own it`);
      // An instant later where two moves meet, as the table of custody has it.
      if (event.to !== owner) owned.push([Math.max(at, owned.at(-1)![0] + 1), event.to]);
      open.delete(id);
    }
    if (event.type === 'withdrawn') open.delete(id);
  }
  return { owned: owned as Owned, wrong };
}

/** How many quarters of an hour have no owner, or two: each owner holds until the next begins. */
function countOwners(owned: Owned): readonly [none: number, two: number] {
  let [none, two] = [0, 0];
  for (const [index, [begins]] of owned.entries()) {
    if (index > 0 && begins <= owned[index - 1]![0]) two++;
  }
  let current = -1;
  for (let at = from; at < until; at += quarterMs) {
    while (current + 1 < owned.length && owned[current + 1]![0] <= at) current++;
    if (current < 0) none++;
  }
  return [none, two];
}

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
  const sums = { handoffs: 0, moves: 0, bounced: 0, reminders: 0 };
  const wrong: string[] = [];
  for (let n = 0; n < accounts; n++) {
    const members = [
      ...new Set(Array.from({ length: 3 }, () => ids[Math.floor(random() * ids.length)]!)),
    ];
    if (members.length < 2) continue;
    const leadMinutes = Math.floor(random() * 5) * 30;
    const team = { people, members, leadMinutes, random };
    const log = runRotation(`account-${n}` as AccountId, team, { from, until });
    const { owned, wrong: found } = audit(log);
    wrong.push(...found);
    const [none, two] = countOwners(owned);
    if (none + two > 0)
      wrong.push(`${log.account}: ${none} instants without owner, ${two} with two`);
    for (const { to, sendAt } of log.reminders) {
      if (sendAt >= until) continue;
      const isAtWork = oracles.get(to)!.isWorking(Math.floor((sendAt - from) / quarterMs));
      if (!isAtWork) wrong.push(`${to} is reminded at home at ${new Date(sendAt).toISOString()}`);
    }
    sums.moves += owned.length - 1;
    sums.reminders += log.reminders.length;
    for (const { event } of log.entries) {
      if (event.type === 'offered') sums.handoffs++;
      if (event.type === 'bounced') sums.bounced++;
    }
  }
  const { user, system } = process.cpuUsage(begun);
  const seconds = ((user + system) / 1_000_000).toFixed(1);
  process.stdout.write(`${JSON.stringify(sums)} in ${seconds} s of one core\n`);
  expect(wrong.slice(0, 10)).toEqual([]);
  // The story is one in which everything happens.
  expect(sums.handoffs).toBeGreaterThan(accounts * 50);
  expect(sums.bounced).toBeGreaterThan(0);
  expect(sums.reminders).toBeGreaterThan(accounts);
});
