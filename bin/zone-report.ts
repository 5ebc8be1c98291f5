/** Zones in use that this runtime computes wrongly, each in a sentence with its remedy. */
import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { pinnedVersion } from '../domain/time/pinned-zones.ts';
import { disagreements, zoneDataVersion } from '../domain/time/zone-data.ts';

export async function zoneReport(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ zone: string }>`
    SELECT zone FROM person UNION SELECT zone FROM region
    UNION SELECT site->>'zone' FROM account, jsonb_array_elements(sites) AS site`.execute(db);
  return disagreements(rows.map(({ zone }) => zone)).map(
    ({ zone, hours, from }) =>
      `${zone} is ${Math.abs(hours)} h wrong since ${new Date(from).toISOString()}: this runtime knows zone data ${zoneDataVersion()}, the world's is ${pinnedVersion}; see ICU_TIMEZONE_FILES_DIR in docs/operating.md`,
  );
}
