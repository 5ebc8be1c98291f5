/** Reviews of provisional holidays. What was answered counts through the view `region_holiday`. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { HolidayReviewState, HolidayReviewStatus } from '../domain/holiday-review/state.ts';
import type { HolidayStatus, Names } from '../domain/holidays/published-holiday.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

interface ProjectedReview {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: HolidayReviewState;
  readonly movedTo: string | null;
  readonly isClosed: boolean;
}

export async function projectHolidayReview(
  query: Query,
  { id, at, after, movedTo, isClosed }: ProjectedReview,
): Promise<void> {
  await sql`
    INSERT INTO holiday_review (id, region_id, day, status, moved_to, closed_at)
    VALUES (${id}, ${after.region}, ${after.day}::date, ${after.status}, ${movedTo}::date,
      ${isClosed ? at : null})
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, moved_to = excluded.moved_to,
      closed_at = excluded.closed_at`.execute(query);
}

interface Holiday {
  readonly region: RegionId;
  readonly day: string;
}

/** The review has said so already, and the days that count follow it: here, who plans again. */
export async function replanForCorrection(
  tx: Transaction<DB>,
  /** The review itself, which ends with this step and plans nothing any more. */
  { region, at, by }: { readonly region: RegionId; readonly at: Instant; readonly by: LoopId },
): Promise<void> {
  const people = await peopleOf(tx, [region]);
  await recordCalendarChange(tx, { reason: 'holiday', people, at, except: by });
}

/** Who works by the holidays of these regions. */
export async function peopleOf(
  query: Query,
  regions: readonly RegionId[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM person
    WHERE region_id = ANY (${regions}::text[]) AND left_at IS NULL ORDER BY id`.execute(query);
  return rows.map(({ id }) => id);
}

export async function isHoliday(query: Query, { region, day }: Holiday): Promise<boolean> {
  const { rows } = await sql`SELECT FROM region_holiday
    WHERE region_id = ${region} AND day = ${day}::date`.execute(query);
  return rows.length > 0;
}

export interface UnreviewedHoliday extends Holiday {
  readonly zone: string;
  readonly manager: PersonId;
}

/** Provisional days up to `until` that nobody has been asked about, the nearest first. */
export async function unreviewedHolidays(
  query: Query,
  { from, until, limit }: { readonly from: string; readonly until: string; readonly limit: number },
): Promise<readonly UnreviewedHoliday[]> {
  const { rows } = await sql<UnreviewedHoliday>`
    SELECT h.region_id AS region, h.day, g.zone, g.manager_id AS manager
    FROM region_holiday h JOIN region g ON g.id = h.region_id
    WHERE h.status = 'provisional' AND h.day BETWEEN ${from}::date AND ${until}::date
      AND g.merged_at IS NULL AND NOT EXISTS (
        SELECT FROM holiday_review r WHERE r.region_id = h.region_id AND r.day = h.day)
    ORDER BY h.day, h.region_id LIMIT ${limit}`.execute(query);
  return rows;
}

/** Open reviews of days that are not provisional any more, or of a region that nobody works in any more. */
export async function answeredElsewhere(query: Query, limit: number): Promise<readonly LoopId[]> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT r.id FROM holiday_review r JOIN region g ON g.id = r.region_id
    LEFT JOIN region_holiday h ON h.region_id = r.region_id AND h.day = r.day
    WHERE r.closed_at IS NULL
      AND (h.status IS DISTINCT FROM 'provisional' OR g.merged_at IS NOT NULL)
    ORDER BY r.id LIMIT ${limit}`.execute(query);
  return rows.map(({ id }) => id);
}

export interface HolidayReviewRow {
  readonly id: LoopId;
  readonly region: { readonly id: RegionId; readonly name: string };
  readonly day: string;
  /** As it is called there; null once it is no holiday. */
  readonly name: string | null;
  readonly names: Names | null;
  readonly source: string | null;
  readonly status: HolidayReviewStatus;
  readonly movedTo: string | null;
  readonly waitsFor: readonly { readonly id: PersonId; readonly name: string }[];
  readonly dueAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findHolidayReview(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<HolidayReviewRow | null> {
  const { rows } = await sql<HolidayReviewRow>`
    SELECT r.id, jsonb_build_object('id', g.id, 'name', g.name) AS region, r.day, h.name, h.names,
      h.source, r.status, r.moved_to AS "movedTo", i.revision,
      i.held_at IS NOT NULL AS "isHeld",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) ORDER BY p.id), '[]')
        FROM task JOIN person p ON p.id = task.person_id
        WHERE task.loop_id = r.id AND task.closed_sequence IS NULL) AS "waitsFor",
      (SELECT min(due_at) FROM task
        WHERE task.loop_id = r.id AND task.closed_sequence IS NULL) AS "dueAt"
    FROM holiday_review r JOIN region g ON g.id = r.region_id JOIN loop_instance i ON i.id = r.id
    LEFT JOIN region_holiday h ON h.region_id = r.region_id AND h.day = coalesce(r.moved_to, r.day)
    WHERE r.id = ${id} AND ${maySeeHandoff(actor, sql.ref('r.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface RegionHoliday {
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  /** As it is called there, and by language. */
  readonly name: string;
  readonly names: Names;
  readonly status: HolidayStatus;
  readonly source: string;
  readonly review: LoopId | null;
}

export interface DayRange {
  /** `2027-03-01`; both included. */
  readonly first: string;
  readonly last: string;
}

export interface NamedDay extends Pick<
  RegionHoliday,
  'kind' | 'name' | 'names' | 'status' | 'source'
> {
  readonly day: string;
}

/** By day. */
export async function namedDays(
  query: Query,
  region: RegionId,
  { first, last }: DayRange,
): Promise<ReadonlyMap<string, NamedDay>> {
  const { rows } = await sql<NamedDay>`
    SELECT day, kind, name, names, status, source FROM region_holiday
    WHERE region_id = ${region} AND day BETWEEN ${first}::date AND ${last}::date`.execute(query);
  return new Map(rows.map((row) => [row.day, row]));
}

export async function holidaysOf(
  query: Query,
  region: RegionId,
  year: number,
): Promise<readonly RegionHoliday[] | null> {
  const { rows } = await sql<RegionHoliday>`
    SELECT h.day, h.kind, h.name, h.names, h.status, h.source, r.id AS review
    FROM region g
    LEFT JOIN region_holiday h ON h.region_id = g.id
      AND h.day BETWEEN make_date(${year}, 1, 1) AND make_date(${year}, 12, 31)
    LEFT JOIN holiday_review r ON r.region_id = h.region_id AND r.day = h.day AND r.closed_at IS NULL
    WHERE g.id = ${region} ORDER BY h.day`.execute(query);
  if (rows.length === 0) return null;
  // A region without holidays is one row of nothing; an unknown one is none.
  return rows.filter(({ day }) => day !== null);
}
