import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openDatabase, type Database, type DatabaseOptions } from '../../db/client.ts';
import { currentStack } from './current-stack.ts';
import { patience } from './patience.ts';

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of the test's own, cloned from the run's template. How long it waits says
 * nothing about the product on a busy machine: a test of the product's limits gives them.
 */
export async function testDatabase(options: Partial<DatabaseOptions> = {}): Promise<TestDatabase> {
  const { postgresUrl, templateDatabase } = currentStack();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const maintain = async (statement: string): Promise<void> => {
    const sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  };
  // Copying takes a lock on the template: two at once wait for each other.
  await maintain(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase} STRATEGY FILE_COPY`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const db = openDatabase({ url: url.href, ...patience, ...options });
  return {
    db,
    url: url.href,
    async drop() {
      await db.destroy();
      await maintain(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
