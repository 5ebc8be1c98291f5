/**
 * `npm run import -- directory.json`, or a folder with one CSV a noun: puts the organisation's own
 * file in place, whole or not at all. Prints every mistake with its path.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type CsvFile, readCsv } from '../api/directory/csv.ts';
import { type RawDirectory, readDirectory, readJson } from '../api/directory/file.ts';
import { vocabulary } from '../api/directory/vocabulary.ts';
import { type Database, openDatabase } from '../db/client.ts';
import { type Applied, applyDirectory } from '../db/directory.ts';
import { nouns } from '../domain/directory/directory.ts';
import type { Instant } from '../domain/loop.ts';
import { readConfig } from './config.ts';
import { printable, sentence } from './import-sentences.ts';

export type ImportResult = Applied;

export interface Import {
  readonly db: Database;
  /** JSON, or one text a CSV file. */
  readonly text: string | readonly CsvFile[];
  readonly clock: { now(): Instant };
}

/** The same file twice changes nothing, and says so. */
export async function importDirectory({ db, text, clock }: Import): Promise<ImportResult> {
  const raw: RawDirectory = typeof text === 'string' ? readJson(text) : readCsv(text);
  const read = readDirectory(raw, vocabulary);
  if (!read.ok) return read;
  const applied = await applyDirectory(db, read.directory, clock.now());
  if (!applied.ok) return applied;
  return { ...applied, warnings: [...read.warnings, ...applied.warnings] };
}

const fileBytesMax = 64 * 1_024 * 1_024;

async function readSource(source: string): Promise<string | readonly CsvFile[]> {
  if (!(await stat(source)).isDirectory()) return readText(source);
  const names = (await readdir(source)).filter((name) => name.endsWith('.csv')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readText(path.join(source, name)) })),
  );
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
    const text = await readSource(source);
    const result = await importDirectory({ db, text, clock: { now: Date.now } });
    for (const line of report(result)) console.log(printable(line));
    return result.ok ? 0 : 1;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main) {
  process.exitCode = await main(process.argv[2]).catch((thrown: unknown) => {
    console.error(thrown instanceof Error ? printable(thrown.message) : 'The import failed.');
    return 1;
  });
}
