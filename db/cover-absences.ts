/** Absences that leave accounts alone: what to open a cover for, and which cover is needed no more. */
import { sql } from 'kysely';
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

/** Whole days, of those who own an account now, that no cover was opened for; the nearest first. */
export async function uncoveredAbsences(
  query: Query,
  { today, until, limit }: Asked,
): Promise<readonly UncoveredAbsence[]> {
  const { rows } = await sql<UncoveredAbsence>`
    SELECT b.id AS absence, a.id AS account, p.id AS owner, p.zone, g.manager_id AS manager,
      b.first_day AS "firstDay", b.last_day AS "lastDay"
    FROM absence b
    JOIN person p ON p.id = b.person_id AND p.left_at IS NULL
    JOIN custody c ON c.owner_id = p.id AND upper_inf(c.period)
    JOIN account a ON a.id = c.account_id AND a.closed_at IS NULL
    JOIN team t ON t.id = a.team_id
    JOIN region g ON g.id = t.region_id
    WHERE b.from_minute IS NULL AND b.first_day <= ${until}::date AND b.last_day >= ${today}::date
      AND NOT EXISTS (
        SELECT FROM cover v WHERE v.account_id = a.id AND v.owner_id = p.id AND v.absence_id = b.id)
      AND NOT EXISTS (
        SELECT FROM cover v WHERE v.account_id = a.id AND v.closed_at IS NULL
          AND v.period && tstzrange(b.first_day::timestamptz, (b.last_day + 1)::timestamptz))
    ORDER BY b.first_day, b.id, a.id LIMIT ${limit}`.execute(query);
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
