/** What an assignment plans with beside people: days on the wall, business days, trainings, meetings. */
import { sql, type Transaction } from 'kysely';
import { isAtHost, spanOf } from '../domain/assignment/place.ts';
import { lapsedOf, signersOf, unsignedBy } from '../domain/assignment/signers.ts';
import {
  type AssignmentFacts,
  type AssignmentState,
  checkInDays,
  checkInLateDays,
  closingReminderDays,
  firstMeetingDays,
  meetingDays,
  renewDays,
  signDays,
} from '../domain/assignment/state.ts';
import { present } from '../domain/assert.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant, Sentence } from '../domain/loop.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import { afterWorkingDays } from '../domain/time/working-days.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

type Calendars = ReadonlyMap<PersonId, WorkingCalendar>;

export async function assignmentFacts(
  tx: Transaction<DB>,
  state: AssignmentState,
  id: LoopId,
): Promise<AssignmentFacts> {
  if (state.status === 'new') return noFacts;
  const people = [...new Set([...signersOf(state), ...unsignedBy(state)])];
  const calendars = await loadCalendars(tx, people);
  const regions = await regionsOf(tx, [state.homeRegion, state.hostRegion]);
  const zone = isAtHost(state.kind)
    ? present(regions.get(state.hostRegion), 'the host region').zone
    : present(calendars.get(state.participant), 'the participant').zone;
  const { terms, pending } = state;
  return {
    days: terms === null ? null : spanOf(terms, zone),
    signBy: pending === null ? null : slowest(unsignedBy(state), pending.since, calendars),
    untrained: terms === null ? [] : await untrainedOf(tx, state, terms.lastDay),
    trainedUntil: await trainingEnds(tx, state, zone),
    renewBy: Object.fromEntries(
      lapsedOf(state).map(({ person, since }) => [
        person,
        afterWorkingDays(calendars.get(person), since, renewDays),
      ]),
    ),
    ...duringFacts(state, calendars, await lastMeetingOf(tx, id)),
    managers: {
      home: regions.get(state.homeRegion)?.manager ?? null,
      host: regions.get(state.hostRegion)?.manager ?? null,
    },
  };
}

const noFacts: AssignmentFacts = {
  days: null,
  signBy: null,
  untrained: [],
  trainedUntil: {},
  renewBy: {},
  checkInDueAt: null,
  checkInLateAt: null,
  stallAt: null,
  remindClosingAt: null,
  managers: { home: null, host: null },
};

interface RegionRow {
  readonly id: RegionId;
  readonly zone: string;
  readonly manager: PersonId | null;
}

/** A manager who has left is none. */
async function regionsOf(
  query: Query,
  ids: readonly RegionId[],
): Promise<ReadonlyMap<RegionId, RegionRow>> {
  const { rows } = await sql<RegionRow>`
    SELECT g.id, g.zone, (SELECT p.id FROM person p WHERE p.id = g.manager_id AND p.left_at IS NULL)
      AS manager
    FROM region g WHERE g.id = ANY (${ids}::text[])`.execute(query);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where the days are spent: the zone of the host region, or the participant's own. */
export async function placeZone(
  query: Query,
  { kind, participant, hostRegion }: Pick<AssignmentState, 'kind' | 'participant' | 'hostRegion'>,
): Promise<string> {
  const from = isAtHost(kind)
    ? sql`SELECT zone FROM region WHERE id = ${hostRegion}`
    : sql`SELECT zone FROM person WHERE id = ${participant}`;
  const { rows } = await sql<{ zone: string }>`${from}`.execute(query);
  return present(rows[0], 'the place').zone;
}

/** While it runs: the instant after the last day of each, where the days are spent; 0 for no training. */
async function trainingEnds(
  query: Query,
  state: AssignmentState,
  zone: string,
): Promise<AssignmentFacts['trainedUntil']> {
  if (state.status !== 'running') return {};
  const people = signersOf(state);
  const lasting = await trainedUntil(query, state, people);
  const last = present(state.terms, 'the terms in force').lastDay;
  // Of one that lasts longer it does not matter how much longer.
  const endOf = (until: string | undefined): Instant => {
    if (until === undefined) return 0;
    const day = until < last ? until : last;
    return spanOf({ firstDay: day, lastDay: day }, zone).until;
  };
  return Object.fromEntries(people.map((person) => [person, endOf(lasting.get(person))]));
}

/** By whoever of them needs longest: each has so many days of their own. */
function slowest(
  people: readonly PersonId[],
  since: Instant,
  calendars: Calendars,
): Instant | null {
  const ends = people.map((person) => afterWorkingDays(calendars.get(person), since, signDays));
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Those of the three without a training for the two regions that lasts to that day, included. */
export async function untrainedOf(
  query: Query,
  state: Pick<AssignmentState, 'homeRegion' | 'hostRegion' | 'participant' | 'terms' | 'pending'>,
  lastDay: string,
): Promise<readonly PersonId[]> {
  const people = signersOf(state as AssignmentState);
  const lasting = await trainedUntil(query, state, people);
  return people.filter((person) => (lasting.get(person) ?? '') < lastDay);
}

/** By person: the last day on which their training for the two regions counts. */
export async function trainedUntil(
  query: Query,
  { homeRegion, hostRegion }: Pick<AssignmentState, 'homeRegion' | 'hostRegion'>,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, string>> {
  const [a, b] = [homeRegion, hostRegion].toSorted();
  const { rows } = await sql<{ person: PersonId; until: string }>`
    SELECT person_id AS person, max(expires_on)::text AS until FROM cultural_training
    WHERE person_id = ANY (${people}::text[]) AND region_a = ${a} AND region_b = ${b}
    GROUP BY person_id`.execute(query);
  return new Map(rows.map(({ person, until }) => [person, until]));
}

/** The start of the last meeting, also of one that is to come; null before any. */
async function lastMeetingOf(query: Query, id: LoopId): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT max(lower(period)) AS at FROM assignment_meeting WHERE assignment_id = ${id}`.execute(
    query,
  );
  return rows[0]?.at ?? null;
}

type DuringFacts = Pick<
  AssignmentFacts,
  'checkInDueAt' | 'checkInLateAt' | 'stallAt' | 'remindClosingAt'
>;

/** In the participant's working days: it is their time that passes with nothing happening. */
function duringFacts(
  state: AssignmentState,
  calendars: Calendars,
  lastMeetingAt: Instant | null,
): DuringFacts {
  const own = calendars.get(state.participant);
  const { checkIn, status, startedAt, stalledAt, endedAt } = state;
  const since = Math.max(startedAt, lastMeetingAt ?? 0, stalledAt ?? 0);
  const isFirst = lastMeetingAt === null && stalledAt === null;
  return {
    checkInDueAt: checkIn && afterWorkingDays(own, checkIn.since, checkInDays),
    checkInLateAt: checkIn && afterWorkingDays(own, checkIn.since, checkInDays + checkInLateDays),
    stallAt:
      status === 'running'
        ? afterWorkingDays(own, since, isFirst ? firstMeetingDays : meetingDays)
        : null,
    remindClosingAt:
      status === 'closing' ? afterWorkingDays(own, endedAt, closingReminderDays) : null,
  };
}

/** What stands between an assignment and its beginning, for people to read. */
export async function assignmentGates(
  query: Query,
  state: AssignmentState,
): Promise<readonly Sentence[]> {
  const { status, kind, pending, terms } = state;
  const lastDay = (pending?.terms ?? terms)?.lastDay;
  const isAhead = status === 'proposed' || status === 'agreed' || status === 'waiting';
  if ((!isAhead && status !== 'running') || lastDay === undefined) return [];
  const untrained = await untrainedOf(query, state, lastDay);
  return [
    ...untrained.map((person) => ({
      key: 'assignment.gate.training',
      params: { person: { person }, lastDay: { day: lastDay } },
    })),
    ...(isAhead && kind === 'shadowing' && !state.isApproved
      ? [{ key: 'assignment.gate.approval', params: {} }]
      : []),
    ...(isAhead && kind === 'onsite' && !state.doneDuties.includes('mobility')
      ? [{ key: 'assignment.gate.mobility', params: {} }]
      : []),
  ];
}
