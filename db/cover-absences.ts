/** Absences that leave accounts alone: what to open a cover for, and which cover is needed no more. */
import { sql } from 'kysely';
import { windowDaysMax } from '../domain/cover/state.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Query } from './client.ts';

export interface UncoveredAbsence {
  readonly absence: string;
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly zone: string;
  readonly manager: PersonId;
  readonly firstDay: string;
  readonly lastDay: string;
}

interface Asked {
  /** Days of the calendar, such as `2026-11-24`; both included. */
  readonly today: string;
  readonly until: string;
  readonly limit: number;
}

/** As many days as a window has at most, less one: a day on the wall may be longer than 24 hours. */
const pieceDays = windowDaysMax - 1;

/**
 * Whole days on the wall of those who own an account now, or have lent it by a cover, that none of
 * their covers is for yet: of a long absence the next piece. The nearest first. What a cover that was
 * overtaken was for is asked for again, unless a rotation moves the account from hand to hand.
 */
export async function uncoveredAbsences(
  query: Query,
  { today, until, limit }: Asked,
): Promise<readonly UncoveredAbsence[]> {
  const midnight = (day: string) => sql`(${sql.raw(day)})::timestamp AT TIME ZONE p.zone`;
  const { rows } = await sql<UncoveredAbsence>`
    SELECT b.id AS absence, a.id AS account, p.id AS owner, p.zone, g.manager_id AS manager,
      piece.first_day AS "firstDay", piece.last_day AS "lastDay"
    FROM account a
    JOIN custody c ON c.account_id = a.id AND upper_inf(c.period)
    LEFT JOIN LATERAL (
      SELECT v.owner_id FROM cover v
      WHERE v.account_id = a.id AND v.status = 'running' AND v.taker_id = c.owner_id
      ORDER BY lower(v.period) DESC LIMIT 1
    ) lent ON true
    JOIN person p ON p.id = coalesce(lent.owner_id, c.owner_id) AND p.left_at IS NULL
    JOIN absence b ON b.person_id = p.id
    JOIN team t ON t.id = a.team_id
    JOIN region g ON g.id = t.region_id
    CROSS JOIN LATERAL (
      SELECT greatest(b.first_day, (max(upper(v.period)) AT TIME ZONE p.zone)::date) AS first_day
      FROM cover v WHERE v.account_id = a.id AND v.owner_id = p.id AND v.absence_id = b.id
        AND (v.status <> 'overtaken' OR EXISTS (
          SELECT FROM rotation r WHERE r.account_id = a.id AND r.closed_at IS NULL))
    ) next
    CROSS JOIN LATERAL (
      SELECT next.first_day, least(b.last_day, next.first_day + ${pieceDays - 1}::int) AS last_day
    ) piece
    WHERE a.closed_at IS NULL AND b.from_minute IS NULL AND b.last_day >= ${today}::date
      AND piece.first_day <= least(b.last_day, ${until}::date)
      AND NOT EXISTS (
        SELECT FROM cover v WHERE v.account_id = a.id AND v.closed_at IS NULL AND v.period &&
          tstzrange(${midnight('piece.first_day')}, ${midnight('piece.last_day + 1')}))
    ORDER BY piece.first_day, b.id, a.id LIMIT ${limit}`.execute(query);
  return rows;
}

/** Open covers, not begun, of absences that were taken back. */
export async function coversWithoutAbsence(
  query: Query,
  limit: number,
): Promise<readonly LoopId[]> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT v.id FROM cover v
    WHERE v.closed_at IS NULL AND v.status IN ('asked', 'taken') AND v.absence_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM absence b WHERE b.id = v.absence_id)
    ORDER BY v.id LIMIT ${limit}`.execute(query);
  return rows.map(({ id }) => id);
}
