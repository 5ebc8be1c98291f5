/** What the benches of money stand on: a durable Postgres of its own, with people and lines. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type postgres from 'postgres';
import { Kysely, sql } from 'kysely';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { connectPostgres, type Database, openDatabase } from '../db/client.ts';
import { postgresDialect } from '../db/driver.ts';
import { migrate } from '../db/migrate.ts';
import type { DB } from '../db/schema.ts';
import { freePort } from '../test/support/free-port.ts';
import { patience } from '../test/support/patience.ts';
import { givenBudgetPeople } from '../test/support/budget-organisation.ts';

export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

export interface BudgetStage {
  readonly db: Database;
  readonly url: string;
  /** The driver alone. */
  readonly raw: postgres.Sql;
  /** Every statement that `act` sends, as it is sent. */
  captured(act: (db: Database) => Promise<unknown>): Promise<readonly Statement[]>;
  readonly version: string;
  stop(): Promise<void>;
}

export async function startBudgetStage(at: number): Promise<BudgetStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'meridian-budget-'));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const server = await startPostgres({
    directory: path.join(directory, 'postgres'),
    port: await freePort(),
    persistent: true,
    durable: true,
  });
  const { url } = server;
  await migrate(url);
  const db = openDatabase({ url, ...patience });
  const raw = connectPostgres({ url, ...patience });
  await givenBudgetPeople(db, at);
  const { rows } = await sql<{
    version: string;
  }>`SELECT current_setting('server_version') version`.execute(db);
  return {
    db,
    url,
    raw,
    version: rows[0]?.version ?? '',
    async captured(act) {
      const statements: Statement[] = [];
      const spied = connectPostgres({ url, ...patience, connectionsMax: 1 });
      spied.options.debug = (_connection, text, parameters) =>
        void statements.push({ text, parameters: [...parameters] });
      const own = new Kysely<DB>({ dialect: postgresDialect(spied) });
      await act(own);
      await own.destroy();
      return statements;
    },
    async stop() {
      await Promise.all([db.destroy(), raw.end()]);
      server.kill();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
