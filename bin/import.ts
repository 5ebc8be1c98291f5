/**
 * `npm run import -- directory.json`, or a folder with one CSV a noun: puts the organisation's own
 * file in place, whole or not at all. Prints every mistake with its path.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type DirectorySource,
  importDirectory,
  type ImportResult,
} from '../api/directory/import-directory.ts';
import { openDatabase } from '../db/client.ts';
import { nouns } from '../domain/directory/directory.ts';
import { readConfig } from './config.ts';
import { failureSentence } from './failure-sentence.ts';
import { printable, sentence } from './import-sentences.ts';

const fileBytesMax = 64 * 1_024 * 1_024;

async function readSource(source: string): Promise<DirectorySource> {
  if (!(await stat(source)).isDirectory()) return { json: await readText(source) };
  const names = (await readdir(source)).filter((name) => name.endsWith('.csv')).sort();
  const csv = names.map(async (name) => ({ name, text: await readText(path.join(source, name)) }));
  return { csv: await Promise.all(csv) };
}

async function readText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > fileBytesMax) throw new Error(`${file} is larger than ${fileBytesMax} bytes`);
  return readFile(file, 'utf8');
}

function report(result: ImportResult): readonly string[] {
  if (!result.ok) {
    const mistakes = result.errors.length === 1 ? '1 mistake' : `${result.errors.length} mistakes`;
    return [...result.errors.map(sentence), `Nothing was imported: ${mistakes}.`];
  }
  const warnings = result.warnings.map((warning) => `Note: ${sentence(warning)}`);
  if (result.isUnchanged) return [...warnings, 'Unchanged: the directory is as the file says.'];
  const changes = nouns.flatMap((noun) => {
    const { added, changed, removed } = result.changes[noun];
    if (added + changed + removed === 0) return [];
    return [`${noun}: ${added} added, ${changed} changed, ${removed} removed`];
  });
  return [...warnings, ...changes];
}

async function main(source: string | undefined): Promise<number> {
  if (source === undefined) {
    console.error('Which file? npm run import -- directory.json (or a folder of CSV files)');
    return 2;
  }
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-import' });
  try {
    const file = await readSource(source);
    const result = await importDirectory({ db, clock: { now: Date.now } }, file);
    for (const line of report(result)) console.log(printable(line));
    return result.ok ? 0 : 1;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main) {
  process.exitCode = await main(process.argv[2]).catch((thrown: unknown) => {
    console.error(printable(failureSentence(thrown)));
    return 2;
  });
}
