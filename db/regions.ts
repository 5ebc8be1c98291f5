import { sql } from 'kysely';
import type { RegionId } from '../domain/id.ts';
import type { Query } from './client.ts';

/** Those of `ids` that there are. */
export async function regionsKnown(
  query: Query,
  ids: readonly RegionId[],
): Promise<ReadonlySet<RegionId>> {
  const { rows } = await sql<{ id: RegionId }>`
    SELECT id FROM region WHERE id = ANY (${ids}::text[])`.execute(query);
  return new Set(rows.map(({ id }) => id));
}
