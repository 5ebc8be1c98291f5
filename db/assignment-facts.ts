/** What an assignment plans with beside people: days on the wall, business days, trainings, meetings. */
import { sql, type Transaction } from 'kysely';
import { spanOf } from '../domain/assignment/place.ts';
import { askedToSign, gatesOf, lapsedOf, signersOf } from '../domain/assignment/signers.ts';
import {
  type AssignmentFacts,
  type AssignmentState,
  checkInDays,
  checkInLateDays,
  closingReminderDays,
  firstMeetingDays,
  isAtHost,
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

/** What facts follow from, beside the state. */
interface Known {
  readonly calendars: Calendars;
  /** Where the days are spent. */
  readonly zone: string;
  readonly managers: AssignmentFacts['managers'];
  readonly approvers: AssignmentFacts['approvers'];
  /** The last day on which the training of each counts. */
  readonly trained: ReadonlyMap<PersonId, string>;
  /** When each begins, also those to come; in order. */
  readonly meetings: readonly Instant[];
}

type Placed = Pick<AssignmentState, 'kind' | 'participant' | 'homeRegion' | 'hostRegion'>;

export async function assignmentFacts(
  tx: Transaction<DB>,
  state: AssignmentState,
  id: LoopId,
): Promise<AssignmentFacts> {
  if (state.status === 'new') return noFacts;
  const people = [...new Set([...signersOf(state), ...askedToSign(state)])];
  const meetings = await meetingsOf(tx, id);
  return factsFrom(state, { ...(await knownOf(tx, state, people)), meetings });
}

/** Of every state that what is proposed may come to while nobody meets and nobody joins or leaves. */
export async function foreseenFacts(
  query: Query,
  proposed: Placed,
  people: readonly PersonId[],
  id?: LoopId,
): Promise<(state: AssignmentState) => AssignmentFacts> {
  const meetings = id === undefined ? [] : await meetingsOf(query, id);
  const known = { ...(await knownOf(query, proposed, people)), meetings };
  return (state) => (state.status === 'new' ? noFacts : factsFrom(state, known));
}

async function knownOf(
  query: Query,
  state: Placed,
  people: readonly PersonId[],
): Promise<Omit<Known, 'meetings'>> {
  const calendars = await loadCalendars(query, people);
  const regions = await regionsOf(query, [state.homeRegion, state.hostRegion]);
  return {
    calendars,
    zone: isAtHost(state.kind)
      ? present(regions.get(state.hostRegion), 'the host region').zone
      : present(calendars.get(state.participant), 'the participant').zone,
    managers: {
      home: regions.get(state.homeRegion)?.manager ?? null,
      host: regions.get(state.hostRegion)?.manager ?? null,
    },
    approvers: state.kind === 'shadowing' ? await approversIn(query, state.hostRegion) : [],
    trained: await trainedUntil(query, state, people),
  };
}

function factsFrom(state: AssignmentState, known: Known): AssignmentFacts {
  const { calendars, zone, managers, approvers, trained } = known;
  const { terms, pending } = state;
  return {
    days: terms === null ? null : spanOf(terms, zone),
    signBy: pending === null ? null : slowest(askedToSign(state), pending.since, calendars),
    untrained: terms === null ? [] : untrainedIn(trained, signersOf(state), terms.lastDay),
    trainedUntil: trainingEnds(state, known),
    renewBy: Object.fromEntries(
      lapsedOf(state).map(({ person, since }) => [
        person,
        afterWorkingDays(calendars.get(person), since, renewDays),
      ]),
    ),
    ...duringFacts(state, known),
    managers,
    approvers,
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
  approvers: [],
};

/** Who looks after compliance in a region, or in what it has become; who does so there alone comes first. */
async function approversIn(query: Query, region: RegionId): Promise<readonly PersonId[]> {
  const { rows } = await sql<{ person: PersonId }>`
    SELECT p.id AS person FROM person p JOIN person_role r ON r.person_id = p.id
    WHERE p.left_at IS NULL AND r.role = 'compliance'
      AND (r.region_id IS NULL OR r.region_id IN (SELECT region_line(${region})))
    GROUP BY p.id ORDER BY bool_and(r.region_id IS NULL), p.id`.execute(query);
  return rows.map(({ person }) => person);
}

interface RegionRow {
  readonly id: RegionId;
  readonly zone: string;
  readonly manager: PersonId | null;
}

/** Where days are spent stays where it was; who manages it is of what it has become. Who has left is none. */
async function regionsOf(
  query: Query,
  ids: readonly RegionId[],
): Promise<ReadonlyMap<RegionId, RegionRow>> {
  const { rows } = await sql<RegionRow>`
    SELECT g.id, g.zone, (SELECT p.id FROM person p JOIN region n ON n.manager_id = p.id
      WHERE n.id = region_now(g.id) AND p.left_at IS NULL) AS manager
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
function trainingEnds(
  state: AssignmentState,
  { zone, trained }: Pick<Known, 'zone' | 'trained'>,
): AssignmentFacts['trainedUntil'] {
  if (state.status !== 'running') return {};
  const last = present(state.terms, 'the terms in force').lastDay;
  // Of one that lasts longer it does not matter how much longer.
  const endOf = (until: string | undefined): Instant => {
    if (until === undefined) return 0;
    const day = until < last ? until : last;
    return spanOf({ firstDay: day, lastDay: day }, zone).until;
  };
  return Object.fromEntries(signersOf(state).map((person) => [person, endOf(trained.get(person))]));
}

/** By whoever of them needs longest, also once they have signed: a signature takes no time from the others. */
function slowest(people: readonly PersonId[], since: Instant, calendars: Calendars): Instant {
  return Math.max(
    ...people.map((person) => afterWorkingDays(calendars.get(person), since, signDays)),
  );
}

/** Those of them without a training for the two regions that lasts to that day, included. */
const untrainedIn = (
  trained: Known['trained'],
  people: readonly PersonId[],
  lastDay: string,
): readonly PersonId[] => people.filter((person) => (trained.get(person) ?? '') < lastDay);

/** By person: the last day on which their training for the two, or what they have become, counts. */
export async function trainedUntil(
  query: Query,
  { homeRegion, hostRegion }: Pick<AssignmentState, 'homeRegion' | 'hostRegion'>,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, string>> {
  const { rows } = await sql<{ person: PersonId; until: string }>`
    SELECT person_id AS person, max(expires_on)::text AS until FROM cultural_training
    WHERE person_id = ANY (${people}::text[]) AND (
      (region_a IN (SELECT region_line(${homeRegion})) AND region_b IN (SELECT region_line(${hostRegion})))
      OR (region_a IN (SELECT region_line(${hostRegion})) AND region_b IN (SELECT region_line(${homeRegion}))))
    GROUP BY person_id`.execute(query);
  return new Map(rows.map(({ person, until }) => [person, until]));
}

async function meetingsOf(query: Query, id: LoopId): Promise<readonly Instant[]> {
  const { rows } = await sql<{ at: Instant }>`
    SELECT lower(period) AS at FROM assignment_meeting WHERE assignment_id = ${id} ORDER BY 1`.execute(
    query,
  );
  return rows.map(({ at }) => at);
}

/** When too long without one is: a meeting far ahead does not fill the time until it comes. */
function stallAfter(
  { startedAt, stalledAt }: Pick<AssignmentState, 'startedAt' | 'stalledAt'>,
  meetings: readonly Instant[],
  after: (since: Instant, days: number) => Instant,
): Instant {
  const since = stalledAt ?? startedAt;
  let ends = after(since, stalledAt === null ? firstMeetingDays : meetingDays);
  for (const met of meetings) {
    if (met > ends) break;
    if (met >= since) ends = after(met, meetingDays);
  }
  return ends;
}

type DuringFacts = Pick<
  AssignmentFacts,
  'checkInDueAt' | 'checkInLateAt' | 'stallAt' | 'remindClosingAt'
>;

/** In the participant's working days: it is their time that passes with nothing happening. */
function duringFacts(
  state: AssignmentState,
  { calendars, meetings }: Pick<Known, 'calendars' | 'meetings'>,
): DuringFacts {
  const own = calendars.get(state.participant);
  const { checkIn, status, endedAt } = state;
  const after = (since: Instant, days: number): Instant => afterWorkingDays(own, since, days);
  return {
    checkInDueAt: checkIn && afterWorkingDays(own, checkIn.since, checkInDays),
    checkInLateAt: checkIn && afterWorkingDays(own, checkIn.since, checkInDays + checkInLateDays),
    stallAt: status === 'running' ? stallAfter(state, meetings, after) : null,
    remindClosingAt:
      status === 'closing' ? afterWorkingDays(own, endedAt, closingReminderDays) : null,
  };
}

/** What stands between an assignment, or terms of it, and its beginning; of its signers, or of others. */
export async function assignmentGates(
  query: Query,
  state: AssignmentState,
  people = signersOf(state),
): Promise<readonly Sentence[]> {
  const { status, kind, pending, terms } = state;
  const { isApproved, isMobilityDone } = gatesOf(state);
  const lastDay = (pending?.terms ?? terms)?.lastDay;
  const isAhead = status === 'proposed' || status === 'agreed' || status === 'waiting';
  if ((!isAhead && status !== 'running') || lastDay === undefined) return [];
  const untrained = untrainedIn(await trainedUntil(query, state, people), people, lastDay);
  const isAsked = isAhead || pending?.gates !== undefined;
  return [
    ...untrained.map((person) => ({
      key: 'assignment.gate.training',
      params: { person: { person }, lastDay: { day: lastDay } },
    })),
    ...(isAsked && kind === 'shadowing' && !isApproved
      ? [{ key: 'assignment.gate.approval', params: {} }]
      : []),
    ...(isAsked && isAtHost(kind) && !isMobilityDone
      ? [{ key: 'assignment.gate.mobility', params: {} }]
      : []),
  ];
}
