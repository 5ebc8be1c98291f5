/** Versions of the competency map, and the texts of those that an organisation wrote itself. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Competency } from '../domain/people/competency.ts';
import type { CompetencyLevel } from '../domain/people/competency-level.ts';
import type { Query } from './client.ts';

/** Which version something that begins on that day, such as `2027-01-01`, goes by. */
export async function currentMap(query: Query, day: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    SELECT version FROM competency_map
    WHERE withdrawn_at IS NULL AND valid_from <= ${day}::date
    ORDER BY valid_from DESC, version DESC LIMIT 1`.execute(query);
  return present(rows[0], 'the map of the product').version;
}

export interface MapVersion {
  readonly version: number;
  /** Such as `2027-01-01`. */
  readonly validFrom: string;
  /** False for one that an organisation wrote itself. */
  readonly isOurs: boolean;
}

export async function findMap(query: Query, version: number): Promise<MapVersion | null> {
  const { rows } = await sql<MapVersion>`
    SELECT version, valid_from AS "validFrom", content_hash IS NULL AS "isOurs"
    FROM competency_map WHERE version = ${version}`.execute(query);
  return rows[0] ?? null;
}

export interface DescriptorText {
  readonly competency: Competency;
  readonly level: CompetencyLevel;
  readonly locale: string;
  readonly text: string;
}

/** In the first of these languages that each has a text in; a version is whole in English. */
export async function descriptorTexts(
  query: Query,
  { version, locales }: { readonly version: number; readonly locales: readonly string[] },
): Promise<readonly DescriptorText[]> {
  const { rows } = await sql<DescriptorText>`
    SELECT DISTINCT ON (competency, level) competency, level, locale, text
    FROM competency_descriptor
    WHERE map_version = ${version} AND locale = ANY (${locales}::text[])
    ORDER BY competency, level, array_position(${locales}::text[], locale)`.execute(query);
  return rows;
}
