/** `npm run db:types`: writes db/schema.ts from a database that has just been migrated. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { migrate } from '../db/migrate.ts';
import { freePort } from '../test/support/free-port.ts';

const types = {
  timestamptz: 'number',
  date: 'string',
  int8: 'bigint',
  uuid: 'string',
  tstzrange: 'string',
  bytea: 'Uint8Array',
  jsonb: 'unknown',
};

const directory = mkdtempSync(path.join(tmpdir(), 'meridian-types-'));
chmodSync(directory, 0o755); // Postgres may run as another user
const server = await startPostgres({
  directory: path.join(directory, 'postgres'),
  port: await freePort(),
  persistent: false,
  durable: false,
});
try {
  await migrate(server.url);
  const args = [
    ['--dialect', 'postgres'],
    ['--url', server.url],
    ['--out-file', 'db/schema.ts'],
    ['--type-mapping', JSON.stringify(types)],
    ['--exclude-pattern', 'public.schema_migration'],
  ];
  execFileSync('kysely-codegen', args.flat(), { stdio: 'inherit' });
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
