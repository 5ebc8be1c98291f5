/** Versions of the competency map, and the texts of those that an organisation wrote itself. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Query } from './client.ts';

/** Which version something that begins on that day, such as `2027-01-01`, goes by. */
export async function currentMap(query: Query, day: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    SELECT version FROM competency_map
    WHERE withdrawn_at IS NULL AND valid_from <= ${day}::date
    ORDER BY valid_from DESC, version DESC LIMIT 1`.execute(query);
  return present(rows[0], 'the map of the product').version;
}
