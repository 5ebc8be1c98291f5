import { sql } from 'kysely';
import { type Database, openDatabase } from '../../db/client.ts';
import { keptVersion, zonesInUse } from '../../db/zone-data.ts';
import type { WrongZone } from './diagnosis.ts';
import { markedAt, markedZones, type Offsets, releaseOf } from './release.ts';
import { firstWrong } from './zones-in-use.ts';

export interface PostgresFacts {
  readonly version: string;
  readonly zoneData: string;
  readonly plannedWith: string;
  readonly inUse: readonly string[];
  readonly wrongZones: readonly WrongZone[];
}

const statementTimeoutMs = 20_000;

export async function examinePostgres(url: string, now: number): Promise<PostgresFacts> {
  const db = openDatabase({
    url,
    connectionsMax: 1,
    statementTimeoutMs,
    transactionTimeoutMs: statementTimeoutMs,
    applicationName: 'meridian-doctor',
  });
  try {
    const { rows } = await sql<{ version: string }>`
      SELECT current_setting('server_version') AS version`.execute(db);
    const inUse = await zonesInUse(db);
    const known = await knownZones(db, [...inUse, ...markedZones]);
    const at = markedAt(now);
    const marked = new Map(
      await Promise.all(
        markedZones.map(async (zone) => {
          const [offset] = known.has(zone) ? await offsetsOf(db, zone, [at]) : [];
          return [zone, offset ?? null] as const;
        }),
      ),
    );
    const wrongZones: WrongZone[] = [];
    for (const zone of inUse.filter((name) => known.has(name))) {
      wrongZones.push(
        ...(await firstWrong('Postgres', zone, {
          now,
          offsets: (ats) => offsetsOf(db, zone, ats),
        })),
      );
    }
    return {
      version: rows[0]?.version ?? 'unknown',
      zoneData: `${releaseOf(marked satisfies Offsets, at)} (by what it shows)`,
      plannedWith: await keptVersion(db),
      inUse,
      wrongZones,
    };
  } finally {
    await db.destroy();
  }
}

/** Postgres refuses a zone that it does not know. */
async function knownZones(db: Database, zones: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM pg_timezone_names WHERE name = ANY (${zones}::text[])`.execute(db);
  return new Set(rows.map(({ name }) => name));
}

async function offsetsOf(
  db: Database,
  zone: string,
  ats: readonly number[],
): Promise<readonly number[]> {
  const { rows } = await sql<{ offset_s: number }>`
    SELECT extract(epoch FROM (t AT TIME ZONE ${zone}) - (t AT TIME ZONE 'UTC'))::int AS offset_s
    FROM unnest(${ats.map((at) => new Date(at).toISOString())}::timestamptz[]) WITH ORDINALITY AS a (t, n)
    ORDER BY n`.execute(db);
  return rows.map(({ offset_s }) => offset_s * 1_000);
}
