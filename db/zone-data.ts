/** Which zones the organisation lives in, and the zone data that all of it is planned with. */
import { sql, type Transaction } from 'kysely';
import type { Segment } from '../domain/time/zone.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

/** By zone: local time as stretches of one offset. */
export type ZoneRules = Readonly<Record<string, readonly Segment[]>>;

export interface KeptZoneData {
  readonly version: string;
  readonly rules: ZoneRules;
}

/** Of people, regions and the sites of accounts, in the order of the alphabet. */
export async function zonesInUse(query: Query): Promise<readonly string[]> {
  const { rows } = await sql<{ zone: string }>`
    SELECT zone FROM person UNION SELECT zone FROM region
    UNION SELECT site->>'zone' FROM account, jsonb_array_elements(sites) AS site
    ORDER BY zone`.execute(query);
  return rows.map(({ zone }) => zone);
}

/** Empty until the first worker has come. */
export async function keptVersion(query: Query): Promise<string> {
  const { version } = await query
    .selectFrom('zone_data')
    .select('version')
    .executeTakeFirstOrThrow();
  return version;
}

/** Held until the transaction ends: workers that start together adopt one by one. */
export const lockZoneData = (tx: Transaction<DB>): Promise<KeptZoneData> =>
  tx
    .selectFrom('zone_data')
    .select(['version', 'rules'])
    .forUpdate()
    .$castTo<KeptZoneData>()
    .executeTakeFirstOrThrow();

export async function keepZoneData(
  tx: Transaction<DB>,
  { version, rules }: KeptZoneData,
): Promise<void> {
  await sql`
    UPDATE zone_data SET version = ${version}, rules = ${JSON.stringify(rules)}::text::jsonb`.execute(
    tx,
  );
}

export async function peopleInZones(
  query: Query,
  zones: readonly string[],
): Promise<readonly string[]> {
  if (zones.length === 0) return [];
  const rows = await query
    .selectFrom('person')
    .select('id')
    .where('zone', 'in', zones)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Zones of people whom open loops were planned for with another version than this. */
export async function zonesPlannedWithOther(
  query: Query,
  version: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ zone: string }>`
    SELECT DISTINCT p.zone FROM loop_instance i
    JOIN transition t ON t.loop_id = i.id AND t.sequence = i.sequence - 1
    JOIN person p ON t.computed_with->'calendarRevisions' ? p.id
    WHERE i.closed_at IS NULL AND t.computed_with->>'zoneData' <> ${version}
    ORDER BY p.zone`.execute(query);
  return rows.map(({ zone }) => zone);
}
