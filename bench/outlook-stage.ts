/** An organisation of any size in Postgres, each account with an owner, a backup and a manager of its own. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { type Database, openDatabase } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { randomFrom } from '../test/support/proof.ts';
import { freePort } from '../test/support/free-port.ts';

export const seed = 1;
export const now = Date.parse('2027-02-01T08:00:00Z');
const daysPerYear = 365;
const dayMs = 86_400_000;
/** A region each; a holiday in four may not stay. */
const zones = [
  'Europe/Berlin',
  'Asia/Tokyo',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Asia/Riyadh',
  'Africa/Cairo',
  'Europe/London',
  'Asia/Seoul',
  'America/Mexico_City',
  'Asia/Shanghai',
];
const holidaysPerRegion = 15;
const shift = [[540, 1020]];
const week = { mon: shift, tue: shift, wed: shift, thu: shift, fri: shift, sat: [], sun: [] };

const dayAfter = (days: number): string => new Date(now + days * dayMs).toISOString().slice(0, 10);

/** Ten thousand accounts are settled in one transaction. */
const patient = { statementTimeoutMs: 120_000, transactionTimeoutMs: 240_000 } as const;

export interface OutlookStage {
  readonly db: Database;
  stop(): Promise<void>;
}

export async function startOutlookStage(accounts: number): Promise<OutlookStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'meridian-outlook-'));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const postgres = await startPostgres({
    directory: path.join(directory, 'postgres'),
    port: await freePort(),
    persistent: true,
    durable: true,
  });
  await migrate(postgres.url);
  const db = openDatabase({ url: postgres.url, ...patient });
  await settle(db, accounts);
  return {
    db,
    async stop() {
      await db.destroy();
      postgres.kill();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const json = (rows: readonly object[]) => sql`${JSON.stringify(rows)}::text::jsonb`;

async function settle(db: Database, accounts: number): Promise<void> {
  const random = randomFrom(seed);
  const regions = zones.map((zone, index) => ({ id: `region-${index}`, zone }));
  const names = Array.from({ length: accounts }, (_, index) => index);
  const zoneOf = (index: number) => regions[index % regions.length] ?? regions[0]!;
  const person = (id: string, region: string, zone: string, more: object = {}) => ({
    id,
    name: `Name of ${id}`,
    email: `${id}@example.test`,
    zone,
    region_id: region,
    team_id: `team-${region}`,
    ...more,
  });
  const people = names.flatMap((index) => {
    const { id: region, zone } = zoneOf(index);
    const above = { manager_id: `manager-${index}` };
    return [
      person(`manager-${index}`, region, zone),
      person(`backup-${index}`, region, zone, above),
      person(`owner-${index}`, region, zone, { ...above, backup_id: `backup-${index}` }),
    ];
  });
  const absences = people.flatMap(({ id }) =>
    [0, 1, 2].map((number) => {
      const first = Math.floor(random() * daysPerYear) - 180;
      const last = first + Math.floor(random() * 10);
      const days = { first_day: dayAfter(first), last_day: dayAfter(last) };
      return { id: `absence-${id}-${number}`, person_id: id, ...days };
    }),
  );
  const holidays = regions.flatMap(({ id }) =>
    Array.from({ length: holidaysPerRegion }, (_, number) => ({
      region_id: id,
      day: dayAfter(number * 12 - 90 + Math.floor(random() * 12)),
      kind: 'off',
      name: 'Holiday',
      source: 'seeded',
      status: number % 4 === 0 ? 'provisional' : 'confirmed',
    })),
  );
  await db.transaction().execute(async (tx) => {
    await sql`INSERT INTO working_week (id, intervals) VALUES ('office', ${json([week])}->0)`.execute(
      tx,
    );
    await sql`
      INSERT INTO region (id, name, locale, zone, manager_id, week_id)
      SELECT id, id, 'en', zone, 'manager-0', 'office'
      FROM jsonb_to_recordset(${json(regions)}) AS r (id text, zone text)`.execute(tx);
    await sql`
      INSERT INTO team (id, name, kind, region_id) SELECT 'team-' || id, id, 'own', id FROM region`.execute(
      tx,
    );
    await sql`
      INSERT INTO person (id, name, email, zone, region_id, team_id, manager_id, backup_id)
      SELECT id, name, email, zone, region_id, team_id, manager_id, backup_id
      FROM jsonb_to_recordset(${json(people)}) AS p (id text, name text, email text, zone text,
        region_id text, team_id text, manager_id text, backup_id text)`.execute(tx);
    await sql`INSERT INTO calendar_revision (person_id) SELECT id FROM person`.execute(tx);
    await sql`
      INSERT INTO absence (id, person_id, first_day, last_day)
      SELECT id, person_id, first_day, last_day FROM jsonb_to_recordset(${json(absences)})
        AS a (id text, person_id text, first_day date, last_day date)`.execute(tx);
    await sql`
      INSERT INTO holiday (region_id, day, kind, name, source, status)
      SELECT region_id, day, kind, name, source, status FROM jsonb_to_recordset(${json(holidays)})
        AS h (region_id text, day date, kind text, name text, source text, status text)`.execute(
      tx,
    );
    await sql`
      INSERT INTO account (id, name, team_id, products, countries, sites)
      SELECT 'account-' || n, 'Account', 'team-region-' || n % ${zones.length}::int, '{}', '{}',
        '[{"name": "Here", "zone": "Etc/UTC"}]'
      FROM generate_series(0, ${accounts - 1}::int) AS n`.execute(tx);
    await sql`
      INSERT INTO custody (account_id, owner_id, period)
      SELECT 'account-' || n, 'owner-' || n, tstzrange(${now - 300 * dayMs}::timestamptz, NULL)
      FROM generate_series(0, ${accounts - 1}::int) AS n`.execute(tx);
  });
  await sql`ANALYZE`.execute(db);
}
