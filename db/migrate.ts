/** Applies `db/migrations/*.sql` in order: forward only, one transaction a file, checksummed. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';

const migrationsUrl = new URL('./migrations/', import.meta.url);
/** Any constant known to all who migrate this database. */
const lockKey = 727_274;
const lockPollMs = 100;
const lockWaitMsMax = 60_000;

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

async function readMigrations(directory: URL): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[\w-]+\.sql$/.test(name));
  return Promise.all(
    names.sort().map(async (name) => {
      const text = (await readFile(new URL(name, directory), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Polled, since a waiting advisory lock deadlocks with CREATE INDEX CONCURRENTLY. */
async function lock(sql: postgres.Sql): Promise<void> {
  const deadline = Date.now() + lockWaitMsMax;
  for (;;) {
    const [row] = await sql<{ ok: boolean }[]>`SELECT pg_try_advisory_lock(${lockKey}) AS ok`;
    if (row?.ok) return;
    if (Date.now() > deadline) throw new Error('another migration has held the lock for a minute');
    await pause(lockPollMs);
  }
}

async function apply(sql: postgres.Sql, migration: Migration): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(migration.text).simple();
    await tx`INSERT INTO schema_migration (name, sha256) VALUES (${migration.name}, ${migration.sha256})`;
  });
}

/** Returns the names applied now. Throws when an applied file has changed since. */
export async function migrate(url: string, directory = migrationsUrl): Promise<readonly string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 5 });
  try {
    await lock(sql);
    await sql`CREATE TABLE IF NOT EXISTS schema_migration
      (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;
    const rows = await sql<
      { name: string; sha256: string }[]
    >`SELECT name, sha256 FROM schema_migration`;
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    const applied: string[] = [];
    for (const migration of await readMigrations(directory)) {
      const before = done.get(migration.name);
      if (before === undefined) {
        await apply(sql, migration);
        applied.push(migration.name);
      } else if (before !== migration.sha256) {
        throw new Error(
          `${migration.name} was changed after it was applied: add a new file instead`,
        );
      }
    }
    return applied;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
