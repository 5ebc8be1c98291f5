/** The organisation's own file, from its text to its place: the same for the command line and the API. */
import type { Database } from '../../db/client.ts';
import { type Applied, applyDirectory } from '../../db/directory.ts';
import type { Instant } from '../../domain/loop.ts';
import { type CsvFile, readCsv } from './csv.ts';
import { listsOf, type RawDirectory, readDirectory, readJson } from './file.ts';
import { vocabulary } from './vocabulary.ts';

export type ImportResult = Applied;

/** JSON as text or as a value, or one text a CSV file. */
export type DirectorySource =
  | { readonly json: string }
  | { readonly value: unknown }
  | { readonly csv: readonly CsvFile[] };

export interface ImportParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** The whole file or nothing of it. The same file twice changes nothing, and says so. */
export async function importDirectory(
  { db, clock }: ImportParts,
  source: DirectorySource,
): Promise<ImportResult> {
  const read = readDirectory(rawOf(source), vocabulary);
  if (!read.ok) return read;
  const applied = await applyDirectory(db, read.directory, clock.now());
  if (!applied.ok) return applied;
  return { ...applied, warnings: [...read.warnings, ...applied.warnings] };
}

function rawOf(source: DirectorySource): RawDirectory {
  if ('json' in source) return readJson(source.json);
  return 'csv' in source ? readCsv(source.csv) : listsOf(source.value);
}
