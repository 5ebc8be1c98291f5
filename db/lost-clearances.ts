/** Products that may not be sold any more, by country. */
import { sql } from 'kysely';
import { everywhere } from '../domain/change/change.ts';
import type { RegionId } from '../domain/id.ts';
import type { Query } from './client.ts';

/** Where a product has lost its clearance; `*` among them is everywhere. */
export async function lostCountries(query: Query, product: string): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('lost_clearance')
    .select('country')
    .where('product', '=', product)
    .orderBy('country')
    .execute();
  return rows.map(({ country }) => country);
}

/** What nobody of the region may sell: lost in its country, or everywhere. */
export async function lostProducts(query: Query, region: RegionId): Promise<readonly string[]> {
  const { rows } = await sql<{ product: string }>`
    SELECT DISTINCT l.product FROM lost_clearance l JOIN region g ON g.id = ${region}
    WHERE l.country IN (${everywhere}, g.country) ORDER BY 1`.execute(query);
  return rows.map(({ product }) => product);
}
