/** A database, the organisation's file and a clock, for tests that import. */
import postgres from 'postgres';
import { importDirectory, type ImportResult } from '../../api/directory/import-directory.ts';
import type { Database } from '../../db/client.ts';
import type { Finding } from '../../domain/directory/finding.ts';
import { testDatabase } from './database.ts';
import { untilSomebodyWaits } from './lock.ts';
import { type DirectoryFile, directoryFile } from './directory-file.ts';

const tables = [
  'region',
  'working_week',
  'roster',
  'team',
  'person',
  'person_role',
  'account',
  'holiday',
  'published_holiday',
  'absence',
  'one_off',
  'delegation',
  'policy',
  'target_profile',
  'competency_map',
  'competency_descriptor',
  'quota_attainment',
  'identity',
  'custody',
  'calendar_revision',
  'calendar_change',
];

export interface ImportStory {
  readonly url: string;
  readonly db: Database;
  readonly sql: postgres.Sql;
  readonly clock: { at: number; now(): number };
  importText(text: string): Promise<ImportResult>;
  /** The good file, changed. */
  importFile(change?: (file: DirectoryFile) => unknown): Promise<ImportResult>;
  /** Calendar revisions by person. */
  revisions(): Promise<Readonly<Record<string, number>>>;
  /** All that the database holds of a directory, with the transaction that wrote each row. */
  everything(): Promise<string>;
  /** Resolves once some statement waits for a lock. */
  waitsForLock(): Promise<void>;
  forget(): Promise<void>;
  drop(): Promise<void>;
}

export async function importStory(at: number): Promise<ImportStory> {
  const database = await testDatabase();
  const { db, url } = database;
  const sql = postgres(url, { max: 4, onnotice: () => undefined });
  const clock = { at, now: () => clock.at };
  const importText = (json: string) => importDirectory({ db, clock }, { json });
  return {
    db,
    url,
    sql,
    clock,
    importText,
    importFile(change = () => undefined) {
      const file = directoryFile();
      change(file);
      return importText(JSON.stringify(file));
    },
    async revisions() {
      const rows = await sql<{ person_id: string; revision: number }[]>`
        SELECT person_id, revision FROM calendar_revision`;
      return Object.fromEntries(rows.map((row) => [row.person_id, row.revision]));
    },
    async everything() {
      const rows = tables.map(
        (table) => sql`SELECT t.xmin::text, t::text AS row FROM ${sql(table)} t ORDER BY 2`,
      );
      return JSON.stringify(await Promise.all(rows));
    },
    waitsForLock: () => untilSomebodyWaits(sql),
    async forget() {
      clock.at = at;
      await sql`TRUNCATE region, working_week, team, person, account, loop_instance, content,
        calendar_change CASCADE`;
    },
    async drop() {
      await sql.end();
      await database.drop();
    },
  };
}

export function applied(result: ImportResult): ImportResult & { ok: true } {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.errors)}`);
  return result;
}

export function refused(result: ImportResult): readonly Finding[] {
  if (result.ok) throw new Error('it was imported');
  return result.errors;
}
