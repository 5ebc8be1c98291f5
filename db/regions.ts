import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
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

/** Null where there is none, or it has been merged into another. */
export async function findRegion(
  query: Query,
  id: RegionId,
): Promise<{ readonly id: RegionId; readonly name: string; readonly zone: string } | null> {
  const { rows } = await sql<{ id: RegionId; name: string; zone: string }>`
    SELECT id, name, zone FROM region WHERE id = ${id} AND merged_into IS NULL`.execute(query);
  return rows[0] ?? null;
}

/** Of each: itself, and whatever it was merged into. */
export async function regionLines(
  query: Query,
  ids: readonly RegionId[],
): Promise<ReadonlyMap<RegionId, readonly RegionId[]>> {
  const { rows } = await sql<{ id: RegionId; line: readonly RegionId[] }>`
    SELECT id, ARRAY(SELECT region_line(id)) AS line FROM region WHERE id = ANY (${ids}::text[])`.execute(
    query,
  );
  return new Map(rows.map(({ id, line }) => [id, line]));
}

/** What a region has become; one that there is not stays as it is named. */
export async function regionNow(query: Query, id: RegionId): Promise<RegionId> {
  const { rows } = await sql<{ id: RegionId }>`
    SELECT coalesce(region_now(${id}), ${id}) AS id`.execute(query);
  return rows[0]?.id ?? id;
}

/** By name, for whoever is of our own teams; of others' partners nobody chooses a region. */
export async function regionNames(
  query: Query,
  actor: Actor,
): Promise<readonly { readonly id: RegionId; readonly name: string }[]> {
  if (!actor.isActive || actor.teamKind !== 'own') return [];
  const { rows } = await sql<{ id: RegionId; name: string }>`
    SELECT id, name FROM region WHERE merged_into IS NULL ORDER BY name, id LIMIT ${regionsShownMax}`.execute(
    query,
  );
  return rows;
}

const regionsShownMax = 500;
