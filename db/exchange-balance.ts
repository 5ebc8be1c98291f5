/** What each market gave and received in a quarter, and which of them was told of it. */
import { sql, type Transaction } from 'kysely';
import type { MarketCounts } from '../domain/exchange/balance.ts';
import type { NoticeId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { type Quarter, rangeOf } from '../domain/scorecard/quarter.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export interface Market {
  readonly region: RegionId;
  readonly zone: string;
}

export async function allMarkets(query: Query): Promise<readonly Market[]> {
  const rows = await query.selectFrom('region').select(['id', 'zone']).orderBy('id').execute();
  return rows.map(({ id, zone }) => ({ region: id as RegionId, zone }));
}

/** A quarter begins and ends on the wall of each market. */
export async function countMarkets(
  query: Query,
  markets: readonly Market[],
  quarter: Quarter,
): Promise<readonly MarketCounts[]> {
  const ranges = markets.map(({ region, zone }) => {
    const { from, until } = rangeOf(quarter, quarter, zone);
    return { region, opens: new Date(from).toISOString(), closes: new Date(until).toISOString() };
  });
  const { rows } = await sql<MarketCounts>`
    WITH market AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(ranges)}::text::jsonb)
        AS m (region text, opens timestamptz, closes timestamptz)
    ), reached AS (
      SELECT DISTINCT m.region, p.id AS practice, p.author_id AS author, p.is_author_hidden
      FROM market m JOIN person reader ON reader.region_id = m.region
      JOIN practice_delivery d ON d.person_id = reader.id AND d.at >= m.opens AND d.at < m.closes
      JOIN practice p ON p.id = d.practice_id
      JOIN person author ON author.id = p.author_id AND author.region_id <> m.region
    ), said AS (
      SELECT m.region, v.practice_id AS practice, count(*) FILTER (WHERE v.verdict = 'worked') AS worked
      FROM market m JOIN practice_verdict v ON v.region_id = m.region AND v.at >= m.opens AND v.at < m.closes
      GROUP BY m.region, v.practice_id
    )
    SELECT g.id AS region, g.name, g.manager_id AS manager,
      (SELECT count(*)::int FROM person p WHERE p.region_id = g.id AND p.left_at IS NULL) AS people,
      (SELECT count(*)::int FROM practice p JOIN person a ON a.id = p.author_id
        WHERE a.region_id = g.id AND p.published_at >= m.opens AND p.published_at < m.closes) AS gave,
      (SELECT count(*)::int FROM reached r WHERE r.region = g.id) AS received,
      (SELECT count(*)::int FROM reached r JOIN said s USING (region, practice)
        WHERE r.region = g.id) AS tried,
      (SELECT r.author FROM reached r LEFT JOIN said s USING (region, practice)
        JOIN person a ON a.id = r.author AND a.left_at IS NULL
        WHERE r.region = g.id AND NOT r.is_author_hidden
        GROUP BY r.author ORDER BY coalesce(sum(s.worked), 0) DESC, count(*) DESC, r.author
        LIMIT 1) AS coach
    FROM market m JOIN region g ON g.id = m.region ORDER BY g.name, g.id`.execute(query);
  return rows;
}

/** Those of which nobody has looked whether they only receive. */
export async function marketsToPrompt(
  query: Query,
  markets: readonly Market[],
  quarter: Quarter,
): Promise<readonly Market[]> {
  const rows = await query
    .selectFrom('exchange_prompt')
    .select('region_id')
    .where('quarter', '=', quarter)
    .execute();
  const looked = new Set(rows.map((row) => row.region_id));
  return markets.filter(({ region }) => !looked.has(region));
}

export interface Prompted {
  readonly region: RegionId;
  readonly quarter: Quarter;
  readonly at: Instant;
  readonly coach: PersonId | null;
  readonly notice: NoticeId | null;
}

/** False where somebody else was first. */
export async function insertPrompt(tx: Transaction<DB>, prompted: Prompted): Promise<boolean> {
  const { region, quarter, at, coach, notice } = prompted;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('exchange_prompt')
    .values({ region_id: region, quarter, at, coach_id: coach, notice_id: notice })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
