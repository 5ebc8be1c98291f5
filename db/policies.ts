/** Dated rules of the organisation, such as how long somebody has to answer. */
import { sql } from 'kysely';
import type { RegionId } from '../domain/id.ts';
import type { Query } from './client.ts';

export interface PolicyAsked {
  readonly key: string;
  readonly region: RegionId;
  /** The day in that region, such as `2026-11-23`. */
  readonly day: string;
}

/** The latest that has begun, the region's own before that of all; null where nothing is said. */
export async function findPolicy(query: Query, asked: PolicyAsked): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`
    SELECT value FROM policy
    WHERE key = ${asked.key} AND (region_id = ${asked.region} OR region_id IS NULL)
      AND valid_from <= ${asked.day}::date
    ORDER BY region_id NULLS LAST, valid_from DESC LIMIT 1`.execute(query);
  return rows[0]?.value ?? null;
}
