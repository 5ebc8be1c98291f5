/** Unused money ahead of the end of a year: which lines have some, who is offered it, and that they were. */
import { sql, type Transaction } from 'kysely';
import { unusedHorizonMs } from '../domain/budget/unused.ts';
import type { NoticeId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

const linesPerRunMax = 1_000;
const offeredPeopleMax = 50;

export interface EndingLine {
  readonly id: string;
  readonly region: RegionId;
  readonly currency: string;
}

/** Not offered yet, with something available; those that end first come first. */
export async function linesToOffer(query: Query, now: Instant): Promise<readonly EndingLine[]> {
  const { rows } = await sql<EndingLine>`
    SELECT l.id, l.region_id AS region, l.currency FROM budget_line l
    WHERE l.closed_at IS NULL AND l.begins_at <= ${now}::timestamptz
      AND l.ends_at > ${now}::timestamptz AND l.ends_at <= ${now + unusedHorizonMs}::timestamptz
      AND l.allocated > l.reserved + l.committed
      AND NOT EXISTS (SELECT FROM budget_offer o WHERE o.line_id = l.id)
    ORDER BY l.ends_at, l.id LIMIT ${linesPerRunMax}`.execute(query);
  return rows;
}

export interface Offered {
  readonly person: PersonId;
  /** For a goal or a gap of their own, or for whoever knows who has one. */
  readonly as: 'developing' | 'office';
}

/**
 * Whoever has an open development plan there, or else an open competency gap: those with a plan first,
 * then the furthest from a goal and, among equals, the oldest; where nobody has, the learning leads of
 * the region, and where there are none, its manager.
 */
export async function offeredIn(query: Query, region: RegionId): Promise<readonly Offered[]> {
  const { rows } = await sql<Offered>`
    WITH present AS (SELECT id, region_id FROM person WHERE left_at IS NULL),
    wanted AS (
      SELECT person_id AS person, level, target, found_at AS since, NULL::uuid AS plan
      FROM competency_gap WHERE closed_at IS NULL
      UNION ALL
      SELECT d.subject_id, w.from_level, w.to_level, d.started_at, d.id
      FROM development_plan d JOIN plan_goal w ON w.plan_id = d.id WHERE d.closed_at IS NULL
    ),
    developing AS (
      SELECT p.id AS person, max(t.rank - coalesce(l.rank, 0)) AS size, min(w.since) AS since,
        count(w.plan) AS plans
      FROM wanted w JOIN present p ON p.id = w.person AND p.region_id = ${region}
      JOIN competency_level t ON t.key = w.target
      LEFT JOIN competency_level l ON l.key = w.level
      GROUP BY p.id
    ), leads AS (
      SELECT DISTINCT p.id AS person FROM person_role r JOIN present p ON p.id = r.person_id
      WHERE r.role = 'learning-lead' AND r.region_id = ${region}
    ), manager AS (
      SELECT p.id AS person FROM region g JOIN present p ON p.id = g.manager_id
      WHERE g.id = ${region}
    ), offered AS (
      SELECT person, 'developing' AS "as", size, since, plans FROM developing
      UNION ALL SELECT person, 'office', 0, NULL, 0 FROM leads
        WHERE NOT EXISTS (SELECT FROM developing)
      UNION ALL SELECT person, 'office', 0, NULL, 0 FROM manager
        WHERE NOT EXISTS (SELECT FROM developing) AND NOT EXISTS (SELECT FROM leads)
    )
    SELECT person, "as" FROM offered ORDER BY plans > 0 DESC, size DESC, since, person
    LIMIT ${offeredPeopleMax}`.execute(query);
  return rows;
}

export interface NewOffer {
  readonly line: string;
  readonly at: Instant;
  readonly available: bigint;
}

/** False where it was offered before. */
export async function insertOffer(
  tx: Transaction<DB>,
  { line, at, available }: NewOffer,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('budget_offer')
    .values({ line_id: line, at, available })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function insertOffered(
  tx: Transaction<DB>,
  line: string,
  told: readonly { readonly to: PersonId; readonly id: NoticeId }[],
): Promise<void> {
  const rows = told.map(({ to, id }) => ({ line_id: line, person_id: to, notice_id: id }));
  await tx.insertInto('budget_offer_person').values(rows).execute();
}

/** When it was offered and what was available then; to whom is theirs to say. */
export async function offerOf(
  query: Query,
  line: string,
): Promise<Pick<NewOffer, 'at' | 'available'> | null> {
  const row = await query
    .selectFrom('budget_offer')
    .select(['at', 'available'])
    .where('line_id', '=', line)
    .executeTakeFirst();
  return row ?? null;
}

export interface OfferRow {
  readonly id: string;
  readonly region: { readonly id: RegionId; readonly name: string };
  readonly year: number;
  readonly purpose: string;
  readonly until: Instant;
  readonly isRingFenced: boolean;
  readonly closedAt: Instant | null;
}

/** What somebody was offered; null where they were not. */
export async function findOffer(
  query: Query,
  { line, person }: { readonly line: string; readonly person: PersonId },
): Promise<OfferRow | null> {
  const { rows } = await sql<OfferRow>`
    SELECT l.id, jsonb_build_object('id', g.id, 'name', g.name) AS region, l.fiscal_year AS year,
      l.purpose, l.ends_at AS until, l.is_ring_fenced AS "isRingFenced",
      l.closed_at AS "closedAt"
    FROM budget_offer_person o JOIN budget_line l ON l.id = o.line_id
    JOIN region g ON g.id = l.region_id
    WHERE o.line_id = ${line} AND o.person_id = ${person}`.execute(query);
  return rows[0] ?? null;
}
