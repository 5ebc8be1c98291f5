/** Hours that regions lend each other: what was entered in assignments, by day where it was spent. */
import { sql } from 'kysely';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface Lending {
  readonly lentMinutes: number;
  readonly borrowedMinutes: number;
}

/** By region as it is by now: what its people worked for others, and others for it, on those days. */
export async function lendingBetween(
  query: Query,
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string },
): Promise<ReadonlyMap<RegionId, Lending>> {
  const { rows } = await sql<Lending & { readonly region: RegionId }>`
    SELECT region_now(former) AS region, sum(lent)::float8 AS "lentMinutes",
      sum(borrowed)::float8 AS "borrowedMinutes"
    FROM (SELECT region AS former, sum(lent) AS lent, sum(borrowed) AS borrowed
    FROM assignment_hours h JOIN assignment a ON a.id = h.assignment_id
    CROSS JOIN LATERAL (VALUES (a.home_region_id, h.minutes, 0), (a.host_region_id, 0, h.minutes))
      AS side (region, lent, borrowed)
    WHERE h.day BETWEEN ${firstDay}::date AND ${lastDay}::date
    GROUP BY region) AS sums GROUP BY 1`.execute(query);
  return new Map(rows.map(({ region, ...lending }) => [region, lending]));
}

export interface EnteredDay {
  readonly day: string;
  readonly minutes: number;
  readonly overlapMinutes: number;
}

interface NewHours extends EnteredDay {
  readonly assignment: LoopId;
  readonly by: PersonId;
  readonly at: Instant;
}

/** Entered again, the later entry counts. */
export async function enterHours(query: Query, hours: NewHours): Promise<void> {
  const { assignment, day, minutes, overlapMinutes, by, at } = hours;
  await sql`
    INSERT INTO assignment_hours (assignment_id, day, minutes, overlap_minutes, entered_by, entered_at)
    VALUES (${assignment}, ${day}::date, ${minutes}, ${overlapMinutes}, ${by}, ${at})
    ON CONFLICT (assignment_id, day) DO UPDATE SET minutes = excluded.minutes,
      overlap_minutes = excluded.overlap_minutes, entered_by = excluded.entered_by,
      entered_at = excluded.entered_at`.execute(query);
}

export interface UsedWeek {
  /** Its Monday. */
  readonly week: string;
  readonly minutes: number;
  readonly overlapMinutes: number;
}

const weeksShownMax = 120;

/** Weeks from Monday on in which anything was entered, the latest first. */
export async function usedWeeks(query: Query, assignment: LoopId): Promise<readonly UsedWeek[]> {
  const { rows } = await sql<UsedWeek>`
    SELECT date_trunc('week', day)::date::text AS week, sum(minutes)::int AS minutes,
      sum(overlap_minutes)::int AS "overlapMinutes"
    FROM assignment_hours WHERE assignment_id = ${assignment}
    GROUP BY 1 ORDER BY 1 DESC LIMIT ${weeksShownMax}`.execute(query);
  return rows;
}
