/** Quarterly reviews: whom they bring together and when, and what lists and pages show of them. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { LoopId, PersonId, RegionId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import {
  concludeDays,
  type Convened,
  leadDays,
  meetingMinutes,
  participantsMax,
  type ReviewFacts,
  type ReviewState,
  searchedDays,
  type Slot,
} from '../domain/quarterly-review/state.ts';
import type { Quarter } from '../domain/scorecard/quarter.ts';
import { bestSlot } from '../domain/time/best-slot.ts';
import { afterWorkingDays } from '../domain/time/working-days.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { dayMs } from '../domain/time/zone.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { derivedId } from './derived-id.ts';
import { recordAsked, soFar } from './fairness.ts';
import type { DB } from './schema.ts';
import { maySeeReview } from './visibility.ts';

type Tx = Transaction<DB>;

export interface ReviewOf {
  readonly region: RegionId;
  readonly team: TeamId | null;
  readonly quarter: Quarter;
}

/** One for a region or a partner’s team and a quarter, however often it is asked for. */
export const reviewId = ({ region, team, quarter }: ReviewOf): LoopId =>
  derivedId('quarterlyReview', region, team ?? '', quarter) as LoopId;

/** Regions, and teams of partners, with the zone that their quarters begin in. */
export async function reviewed(
  query: Query,
): Promise<readonly (Omit<ReviewOf, 'quarter'> & { readonly zone: string })[]> {
  const { rows } = await sql<Omit<ReviewOf, 'quarter'> & { readonly zone: string }>`
    SELECT id AS region, NULL AS team, zone FROM region
      WHERE merged_into IS NULL
    UNION ALL SELECT t.region_id, t.id, g.zone FROM team t JOIN region g ON g.id = t.region_id
      WHERE t.kind = 'partner' ORDER BY region, team NULLS FIRST`.execute(query);
  return rows;
}

/** Those of `ids` that there are already. */
export async function convenedAmong(
  query: Query,
  ids: readonly LoopId[],
): Promise<ReadonlySet<LoopId>> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT id FROM quarterly_review WHERE id = ANY (${ids}::uuid[])`.execute(query);
  return new Set(rows.map(({ id }) => id));
}

/** Whose reviews are of a partner’s team, there. */
export async function partnerTeams(
  query: Query,
  regions: readonly RegionId[],
): Promise<readonly Named<TeamId>[]> {
  const { rows } = await sql<Named<TeamId>>`
    SELECT id, name FROM team WHERE kind = 'partner' AND region_id = ANY (${regions}::text[])
    ORDER BY name, id`.execute(query);
  return rows;
}

/** The region’s manager, and who looks after its learning or leads people there; of a partner who leads its team. */
async function invited(
  query: Query,
  { region, team }: Omit<ReviewOf, 'quarter'>,
): Promise<{ readonly chair: PersonId; readonly people: readonly PersonId[] } | null> {
  const { rows } = await sql<{ chair: PersonId; people: PersonId[] }>`
    WITH teaching AS (
      SELECT person_id AS id FROM person_role
      WHERE role = 'learning-lead' AND (region_id = ${region} OR region_id IS NULL)
    ), there AS (
      SELECT p.id, EXISTS (SELECT FROM person r WHERE r.manager_id = p.id AND r.left_at IS NULL) AS leads,
        p.id IN (SELECT id FROM teaching) AS teaches
      FROM person p JOIN team t ON t.id = p.team_id
      WHERE p.left_at IS NULL AND CASE WHEN ${team}::text IS NULL
        -- Whoever looks after learning everywhere does so from one region.
        THEN t.kind = 'own' AND (p.region_id = ${region} OR p.id IN (SELECT id FROM teaching))
        ELSE p.team_id = ${team} END
    )
    SELECT m.id AS chair, ARRAY(SELECT there.id FROM there
        WHERE (leads OR teaches OR ${team}::text IS NOT NULL) AND there.id <> m.id
        ORDER BY teaches DESC, leads DESC, there.id LIMIT ${participantsMax - 1}) AS people
    FROM region g JOIN person m ON m.id = g.manager_id AND m.left_at IS NULL
    WHERE g.id = ${region} AND g.merged_into IS NULL`.execute(query);
  const [row] = rows;
  return row ? { chair: row.chair, people: [row.chair, ...row.people] } : null;
}

/** Null where nobody manages the region, or no time is found: then nothing is convened. */
export async function convene(
  query: Query,
  { region, team, quarter }: ReviewOf,
  at: Instant,
): Promise<Convened | null> {
  const found = await invited(query, { region, team });
  if (!found) return null;
  const slot = await fairSlot(query, found.people, { from: at + leadDays * dayMs, at });
  if (!slot) return null;
  const kind = team === null ? 'region' : 'partner';
  return { kind, region, team, quarter, chair: found.chair, participants: found.people, slot };
}

interface SlotWanted {
  readonly from: Instant;
  readonly at: Instant;
}

/** The time that costs them least, with what meetings at bad hours have cost each so far. */
export const fairSlot = async (
  query: Query,
  people: readonly PersonId[],
  { from, at }: SlotWanted,
): Promise<Slot | null> => (await slotsOf(query, people, at))(from);

/** Of any day, with what has been borne by `at`. */
async function slotsOf(
  query: Query,
  people: readonly PersonId[],
  at: Instant,
): Promise<(from: Instant) => Slot | null> {
  const [calendars, borne] = [await loadCalendars(query, people), await soFar(query, people, at)];
  const attendees = people.flatMap((person) => {
    const calendar = calendars.get(person);
    if (!calendar) return [];
    return [{ clock: openCalendar(calendar), zone: calendar.zone, soFar: borne.get(person) ?? 0 }];
  });
  return (from) => {
    const range = { from, until: from + searchedDays * dayMs };
    const slot = bestSlot(attendees, { range, minutes: meetingMinutes });
    return 'reason' in slot ? null : { from: slot.from, until: slot.until };
  };
}

const isAhead = ({ status }: ReviewState): boolean =>
  status === 'proposed' || status === 'confirmed';
/** From when another time is looked for, should this one find too few. */
const afterSlot = ({ slot }: ReviewState): Instant => slot.until + dayMs;

/** Of a review in which nobody does anything: it never meets, and its people stay. */
export async function foreseenFacts(
  query: Query,
  people: readonly PersonId[],
  at: Instant,
): Promise<(state: ReviewState) => ReviewFacts> {
  const slotFrom = await slotsOf(query, people, at);
  return (state) => ({
    nextSlot: isAhead(state) ? slotFrom(afterSlot(state)) : null,
    concludeBy: null,
    regionManager: null,
  });
}

export async function reviewFacts(tx: Tx, state: ReviewState): Promise<ReviewFacts> {
  if (state.status === 'new') return { nextSlot: null, concludeBy: null, regionManager: null };
  const { participants, slot, chair, metAt, status, region } = state;
  const calendars = await loadCalendars(tx, [chair]);
  const { rows } = await sql<{ id: PersonId }>`
    SELECT m.id FROM region g JOIN person m ON m.id = g.manager_id AND m.left_at IS NULL
    WHERE g.id = ${region}`.execute(tx);
  return {
    nextSlot: isAhead(state)
      ? await fairSlot(tx, participants, { from: afterSlot(state), at: slot.from })
      : null,
    concludeBy:
      status === 'following' ? afterWorkingDays(calendars.get(chair), metAt, concludeDays) : null,
    regionManager: rows[0]?.id ?? null,
  };
}

interface ProjectedReview {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: ReviewState;
  readonly isClosed: boolean;
}

export async function projectReview(tx: Tx, projected: ProjectedReview): Promise<void> {
  const { id, at, after, isClosed } = projected;
  const { region, team, quarter, chair, status } = after;
  await sql`
    INSERT INTO quarterly_review (id, region_id, team_id, quarter, chair_id, status, opened_at)
    VALUES (${id}, ${region}, ${team}, ${quarter}, ${chair}, ${status}, ${at})
    ON CONFLICT (id) DO UPDATE SET chair_id = excluded.chair_id, status = excluded.status,
      closed_at = ${isClosed ? at : null}::timestamptz`.execute(tx);
}

/** What the meeting asks of them outside their hours; what it would have asked at another time is not asked. */
export async function askOfParticipants(
  tx: Tx,
  { id, at, after }: ProjectedReview,
  isOff: boolean,
): Promise<void> {
  await sql`DELETE FROM asked_outside WHERE loop_id = ${id} AND at > ${at}::timestamptz`.execute(
    tx,
  );
  if (isOff) return;
  const { participants, slot, number: sequence } = after;
  for (const person of participants) {
    await recordAsked(tx, { person, loop: id, sequence, kind: 'quarter.meeting', ...slot });
  }
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface ReviewRow {
  readonly id: LoopId;
  readonly region: Named<RegionId>;
  readonly team: Named<TeamId> | null;
  readonly state: ReviewState;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  /** Of its last step. */
  readonly sequence: number;
  readonly isHeld: boolean;
}

const selectReviews = sql`
  SELECT q.id, jsonb_build_object('id', g.id, 'name', g.name) AS region,
    CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'name', t.name) END AS team,
    i.state->'state' AS state, q.opened_at AS "openedAt", q.closed_at AS "closedAt", i.revision,
    i.sequence - 1 AS sequence,
    i.held_at IS NOT NULL AS "isHeld"
  FROM quarterly_review q JOIN loop_instance i ON i.id = q.id
  JOIN region g ON g.id = q.region_id LEFT JOIN team t ON t.id = q.team_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findReview(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<ReviewRow | null> {
  const { rows } = await sql<ReviewRow>`
    ${selectReviews} WHERE q.id = ${id} AND ${maySeeReview(actor, sql.ref('q.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface ReviewPage {
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The newest first, of those the actor may see. */
export async function listReviews(
  query: Query,
  actor: Actor,
  { after, limit }: ReviewPage,
): Promise<readonly ReviewRow[]> {
  const older = after
    ? sql`AND (q.opened_at, q.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<ReviewRow>`
    ${selectReviews} WHERE ${maySeeReview(actor, sql.ref('q.id'))} ${older}
    ORDER BY q.opened_at DESC, q.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}
