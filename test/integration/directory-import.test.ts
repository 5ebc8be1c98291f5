import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { directoryFile, put } from '../support/directory-file.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'meridian-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

interface Ended {
  readonly code: number | null;
  readonly printed: readonly string[];
}

/** `npm run import -- …`, as somebody types it. */
function runImport(source?: string, url = database.url): Promise<Ended> {
  const script = path.join(import.meta.dirname, '../../bin/import.ts');
  const args = source === undefined ? [script] : [script, source];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, printed: printed.trimEnd().split('\n') }));
  });
}

async function write(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

test('a good file is imported, and the second time it changes nothing', async () => {
  const file = await write('directory.json', JSON.stringify(directoryFile()));
  const first = await runImport(file);
  expect(first.code).toBe(0);
  expect(first.printed).toContain('people: 6 added, 0 changed, 0 removed');
  expect(await runImport(file)).toEqual({
    code: 0,
    printed: ['Unchanged: the directory is as the file says.'],
  });
});

test('every mistake of a bad file is printed with its path, and nothing is imported', async () => {
  const bad = directoryFile();
  put(bad.people[2]!, { zone: 'Europe/Munchen' });
  put(bad.accounts[0]!, { owner: 'tokio-lead' });
  expect(await runImport(await write('bad.json', JSON.stringify(bad)))).toEqual({
    code: 1,
    printed: [
      'people[2].zone: "Europe/Munchen" is not an IANA zone; did you mean Europe/Berlin?',
      'accounts[0].owner: no person of this file has the id "tokio-lead"; did you mean tokyo-lead?',
      'Nothing was imported: 2 mistakes.',
    ],
  });
});

test('a folder of CSV files is a directory too', async () => {
  const csv = path.join(folder, 'csv');
  await mkdir(csv);
  await writeFile(path.join(csv, 'people.csv'), 'id,name\nberlin-lead,Somebody\n');
  const { code, printed } = await runImport(csv);
  expect(code).toBe(1);
  expect(printed).toContain('people.csv:2.email: is missing');
  expect(printed).toContain('teams.csv: is missing');
});

test.each([
  [
    'no file',
    undefined,
    undefined,
    'Which file? npm run import -- directory.json (or a folder of CSV files)',
  ],
  ['a file that is not there', '/nowhere.json', undefined, 'There is no such file: /nowhere.json'],
  [
    'no configuration',
    '/nowhere.json',
    '',
    'DATABASE_URL is missing: it must be a URL such as postgres://user:password@host:5432/meridian.',
  ],
])('with %s it says what to do', async (_what, source, url, line) => {
  expect(await runImport(source, url)).toEqual({ code: 2, printed: [line] });
});

test('without Postgres it says so, and not with a stack trace', async () => {
  const file = await write('good.json', JSON.stringify(directoryFile()));
  expect(await runImport(file, 'postgres://nobody@127.0.0.1:1/nothing')).toEqual({
    code: 2,
    printed: [
      'Postgres cannot be reached (ECONNREFUSED): check DATABASE_URL and that it is running.',
    ],
  });
});
