import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import connect from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { startPostgres } from '../../bin/embedded/postgres.ts';
import { StartProblem } from '../../bin/embedded/start-problem.ts';
import { freePort } from '../support/free-port.ts';
import { scratchDirectory } from '../support/scratch.ts';

const parent = scratchDirectory('postgres');
afterAll(() => rmSync(parent, { recursive: true, force: true }));

async function ask<Row>(url: string, text: string): Promise<readonly Row[]> {
  const sql = connect(url, { max: 1 });
  try {
    return (await sql.unsafe(text)) as unknown as readonly Row[];
  } finally {
    await sql.end();
  }
}

test('what was committed survives a kill, and the next start waits for nobody', async () => {
  const options = {
    directory: path.join(parent, 'killed'),
    port: await freePort(),
    persistent: true,
  };
  const first = await startPostgres(options);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
  first.kill();
  const second = await startPostgres(options);
  try {
    expect(await ask(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
    const settings = `SELECT current_setting('fsync') AS fsync,
      current_setting('max_connections')::int AS connections, datcollate AS collation
      FROM pg_database WHERE datname = current_database()`;
    expect(await ask(second.url, settings)).toEqual([
      { fsync: 'on', connections: 200, collation: 'C' },
    ]);
  } finally {
    await second.stop();
  }
});

test('a folder of another release of Postgres is left alone, and named', async () => {
  const directory = path.join(parent, 'foreign');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'PG_VERSION'), '16\n');
  const start = startPostgres({ directory, port: await freePort(), persistent: true });
  await expect(start).rejects.toBeInstanceOf(StartProblem);
  await expect(start).rejects.toThrow(/was made by Postgres 16, and this is Postgres 18: .*\.$/);
});

test('a folder with something else in it is left alone, and named', async () => {
  const directory = path.join(parent, 'papers');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'letter.txt'), 'kept');
  const start = startPostgres({ directory, port: await freePort(), persistent: true });
  await expect(start).rejects.toThrow(/holds files that are not a Postgres cluster: .*\.$/);
  expect(readFileSync(path.join(directory, 'letter.txt'), 'utf8')).toBe('kept');
});

test('a password that no longer opens the folder is told, and nothing is left running', async () => {
  const options = {
    directory: path.join(parent, 'locked'),
    port: await freePort(),
    persistent: true,
  };
  const first = await startPostgres({ ...options, password: 'before' });
  await first.stop();
  await expect(startPostgres({ ...options, password: 'after' })).rejects.toThrow(
    /password .* is lost/,
  );
  const again = await startPostgres({ ...options, password: 'before' });
  await again.stop();
});
