/** Budget lines as people look at them: their figures, who changed them and why, how they came about. */
import { sql, type Transaction } from 'kysely';
import { type Actor, may } from '../domain/authority.ts';
import type { RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { maySeeLine } from './visibility.ts';

const askableMax = 200;

export interface LineRow {
  readonly id: string;
  readonly region: { readonly id: RegionId; readonly name: string };
  readonly year: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly purpose: string;
  readonly isRingFenced: boolean;
  readonly currency: string;
  readonly allocated: bigint;
  readonly reserved: bigint;
  readonly committed: bigint;
  readonly closedAt: Instant | null;
  /** Counts what people decided about it: its entries, and its end. */
  readonly revision: number;
}

const selectLines = sql`
  SELECT l.id, jsonb_build_object('id', g.id, 'name', g.name) AS region, l.fiscal_year AS year,
    l.begins_at AS "from", l.ends_at AS until, l.purpose, l.is_ring_fenced AS "isRingFenced",
    l.currency, l.allocated, l.reserved, l.committed, l.closed_at AS "closedAt",
    ((SELECT count(*) FROM budget_posting p JOIN budget_transfer t ON t.id = p.transfer_id
      WHERE p.line_id = l.id AND p.account = 'available' AND t.kind IN ('allocate', 'carry'))
      + (l.closed_at IS NOT NULL)::int)::int AS revision
  FROM budget_line l JOIN region g ON g.id = l.region_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findLine(query: Query, actor: Actor, id: string): Promise<LineRow | null> {
  const { rows } = await sql<LineRow>`
    ${selectLines} WHERE l.id = ${id} AND ${maySeeLine(actor, sql.ref('l.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface LinePage {
  readonly region?: string | undefined;
  readonly year?: number | undefined;
  readonly after: { readonly year: number; readonly id: string } | null;
  readonly limit: number;
}

/** The latest year first, of those the actor may see. */
export async function listLines(
  query: Query,
  actor: Actor,
  { region, year, after, limit }: LinePage,
): Promise<readonly LineRow[]> {
  const { rows } = await sql<LineRow>`
    ${selectLines}
    WHERE ${maySeeLine(actor, sql.ref('l.id'))}
      AND (${region ?? null}::text IS NULL OR l.region_id = ${region ?? null})
      AND (${year ?? null}::int IS NULL OR l.fiscal_year = ${year ?? null}::int)
      AND (${after === null} OR (-l.fiscal_year, l.id)
        > (${-(after?.year ?? 0)}::int, ${after?.id ?? null}::uuid))
    ORDER BY -l.fiscal_year, l.id LIMIT ${limit}`.execute(query);
  return rows;
}

export interface LineEntry {
  readonly at: Instant;
  readonly kind: 'allocate' | 'carry';
  /** What it added; below zero where it took. */
  readonly added: bigint;
  /** Null where a year was carried over. */
  readonly author: { readonly id: string; readonly name: string } | null;
  readonly reason: string | null;
}

const entriesMax = 200;

/** Each change of what is allocated, the latest first. */
export async function lineEntries(query: Query, line: string): Promise<readonly LineEntry[]> {
  const { rows } = await sql<Omit<LineEntry, 'added'> & { readonly added: string }>`
    SELECT t.at, t.kind, t.reason, coalesce(sum(p.minor), 0)::text AS added,
      CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('id', a.id, 'name', a.name) END AS author
    FROM budget_transfer t
    JOIN budget_posting p ON p.transfer_id = t.id AND p.line_id = ${line} AND p.account = 'available'
    LEFT JOIN person a ON a.id = t.author_id
    WHERE t.kind IN ('allocate', 'carry')
    GROUP BY t.id, a.id ORDER BY t.at DESC, t.id LIMIT ${entriesMax}`.execute(query);
  return rows.map((row) => ({ ...row, added: BigInt(row.added) }));
}

export interface LinePoint {
  readonly at: Instant;
  readonly allocated: bigint;
  readonly reserved: bigint;
  readonly committed: bigint;
}

const pointsMax = 400;

/** How it came to be what it is, from the postings alone: what stood after the last of each day where its region is. */
export async function lineSeries(query: Query, line: string): Promise<readonly LinePoint[]> {
  const { rows } = await sql<{
    at: Instant;
    allocated: string;
    reserved: string;
    committed: string;
  }>`
    WITH place AS (
      SELECT g.zone FROM budget_line l JOIN region g ON g.id = l.region_id WHERE l.id = ${line}
    ), moved AS (
      SELECT t.at, t.id,
        -coalesce(sum(p.minor) FILTER (WHERE p.account = 'funded'), 0) AS funded,
        coalesce(sum(p.minor) FILTER (WHERE p.account = 'reserved'), 0) AS held,
        coalesce(sum(p.minor) FILTER (WHERE p.account = 'committed'), 0) AS spent
      FROM budget_posting p JOIN budget_transfer t ON t.id = p.transfer_id
      JOIN budget_line l ON l.id = p.line_id AND l.currency = p.currency
      WHERE p.line_id = ${line} GROUP BY t.id
    ), stood AS (
      SELECT at, id, sum(funded) OVER w AS allocated, sum(held) OVER w AS reserved,
        sum(spent) OVER w AS committed
      FROM moved WINDOW w AS (ORDER BY at, id)
    ), daily AS (
      SELECT DISTINCT ON (date_trunc('day', at, zone)) at, allocated, reserved, committed
      FROM stood, place
      ORDER BY date_trunc('day', at, zone) DESC, at DESC, id DESC LIMIT ${pointsMax}
    )
    SELECT at, allocated::text, reserved::text, committed::text FROM daily ORDER BY at`.execute(
    query,
  );
  return rows.map(({ at, allocated, reserved, committed }) => ({
    at,
    allocated: BigInt(allocated),
    reserved: BigInt(reserved),
    committed: BigInt(committed),
  }));
}

/** For good; what its open reservations give back later stays on it. False where it was closed before. */
export async function closeLine(tx: Transaction<DB>, id: string, at: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`UPDATE budget_line SET closed_at = ${at}::timestamptz
    WHERE id = ${id} AND closed_at IS NULL`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

export interface Askable {
  readonly purpose: string;
  readonly currency: string;
}

/** What can be asked for in a region, by its name alone: how much there is, is not for everybody. */
export async function askableIn(
  query: Query,
  region: RegionId,
  now: Instant,
): Promise<readonly Askable[]> {
  return query
    .selectFrom('budget_line')
    .select(['purpose', 'currency'])
    .distinct()
    .where('region_id', '=', region)
    .where('closed_at', 'is', null)
    .where('ends_at', '>', now)
    .orderBy('purpose')
    .orderBy('currency')
    .limit(askableMax)
    .execute();
}

/** Whose lines one may open, fund and close; there are as many regions as an organisation has. */
export async function managedRegions(
  query: Query,
  actor: Actor,
): Promise<readonly { readonly id: RegionId; readonly name: string }[]> {
  const regions = await query.selectFrom('region').select(['id', 'name']).orderBy('name').execute();
  return regions
    .map(({ id, name }) => ({ id: id as RegionId, name }))
    .filter(({ id: region }) => may(actor, 'budgetLine.manage', { region }));
}

export interface FiscalFacts {
  readonly zone: string;
  readonly fiscalStartMonth: number;
}

export async function fiscalFactsOf(query: Query, region: string): Promise<FiscalFacts | null> {
  const { rows } = await sql<FiscalFacts>`
    SELECT zone, fiscal_start_month AS "fiscalStartMonth" FROM region WHERE id = ${region}`.execute(
    query,
  );
  return rows[0] ?? null;
}
