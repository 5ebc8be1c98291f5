/** Versions of the competency map, and the texts of those that an organisation wrote itself. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

/** Which version something that begins then goes by. */
export async function currentMap(query: Query, at: Instant): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    SELECT version FROM competency_map
    WHERE withdrawn_at IS NULL AND valid_from <= (${at}::timestamptz AT TIME ZONE 'UTC')::date
    ORDER BY valid_from DESC, version DESC LIMIT 1`.execute(query);
  return present(rows[0], 'the map of the product').version;
}
