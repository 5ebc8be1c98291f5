/** Absences that leave accounts alone: what to open a cover for, and which cover is needed no more. */
import { sql } from 'kysely';
import { type AbsentDays, nextPiece, type Piece } from '../domain/cover/absence.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface UncoveredAbsence extends Piece {
  readonly absence: string;
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly manager: PersonId;
}

interface Asked {
  /** Days of the calendar, such as `2026-11-24`; both included. */
  readonly today: string;
  readonly until: string;
  readonly limit: number;
}

interface Absent extends AbsentDays, Omit<UncoveredAbsence, keyof Piece> {
  /** When a cover of it was last asked for; null before the first time. */
  readonly triedAt: Instant | null;
}

/** More than an organisation has at once: what is covered is left out only afterwards. */
const absentMax = 10_000;

/**
 * Whole days of those who own an account now, or have lent it by a cover, that none of their covers is
 * for yet: of a long absence the next piece. Those never tried first, then those tried longest ago, of
 * each the nearest. What a cover that was overtaken was for is asked for again, unless a rotation moves
 * the account from hand to hand.
 */
export async function uncoveredAbsences(
  query: Query,
  { today, until, limit }: Asked,
): Promise<readonly UncoveredAbsence[]> {
  const { rows } = await sql<Absent>`
    SELECT b.id AS absence, a.id AS account, p.id AS owner, p.zone, g.manager_id AS manager,
      b.first_day AS "firstDay", b.last_day AS "lastDay", y.tried_at AS "triedAt",
      (SELECT max(upper(v.period)) FROM cover v
        WHERE v.account_id = a.id AND v.owner_id = p.id AND v.absence_id = b.id
          AND (v.status <> 'overtaken' OR EXISTS (
            SELECT FROM rotation r WHERE r.account_id = a.id AND r.closed_at IS NULL))
      ) AS "coveredUntil",
      (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'from', (extract(epoch FROM lower(v.period)) * 1000)::bigint,
          'until', (extract(epoch FROM upper(v.period)) * 1000)::bigint)), '[]')
        FROM cover v WHERE v.account_id = a.id AND v.closed_at IS NULL) AS taken
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
    LEFT JOIN cover_try y ON y.account_id = a.id AND y.absence_id = b.id
    WHERE a.closed_at IS NULL AND b.from_minute IS NULL
      AND b.last_day >= ${today}::date AND b.first_day <= ${until}::date
    ORDER BY y.tried_at NULLS FIRST, b.first_day, b.id, a.id LIMIT ${absentMax}`.execute(query);
  return rows
    .flatMap(({ absence, account, owner, manager, triedAt, ...days }) => {
      const piece = nextPiece(days, until);
      return piece === null
        ? []
        : [{ triedAt, found: { absence, account, owner, manager, ...piece } }];
    })
    .toSorted(
      (a, b) => order(a.triedAt ?? 0, b.triedAt ?? 0) || order(a.found.firstDay, b.found.firstDay),
    )
    .slice(0, limit)
    .map(({ found }) => found);
}

const order = <Value extends string | number>(a: Value, b: Value): number =>
  a < b ? -1 : Number(a > b);

/** Whatever becomes of it: what is refused every time waits behind what has waited longer. */
export async function noteTries(
  query: Query,
  tried: readonly Pick<UncoveredAbsence, 'account' | 'absence'>[],
  at: Instant,
): Promise<void> {
  if (tried.length === 0) return;
  await sql`
    INSERT INTO cover_try (account_id, absence_id, tried_at)
    SELECT t.account, t.absence, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(tried)}::text::jsonb) AS t (account text, absence text)
    JOIN absence b ON b.id = t.absence
    ON CONFLICT (account_id, absence_id) DO UPDATE SET tried_at = excluded.tried_at`.execute(query);
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

/** Those of the ids that a loop has already, whatever became of it. */
export async function begunLoops(
  query: Query,
  ids: readonly LoopId[],
): Promise<ReadonlySet<LoopId>> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT id FROM loop_instance WHERE id = ANY (${ids}::uuid[])`.execute(query);
  return new Set(rows.map(({ id }) => id));
}
