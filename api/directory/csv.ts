/**
 * The same directory as one CSV file a noun, named after it: `people.csv`. Lists are separated by `;`,
 * sites are written `Osaka=Asia/Tokyo`, the value of a policy is JSON.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { isOptional, type Noun, nouns, type Row } from '../../domain/directory/directory.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import type { Finding } from '../../domain/directory/finding.ts';
import type { RawDirectory, RawList } from './file.ts';

export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

export function readCsv(files: readonly CsvFile[]): RawDirectory {
  const lists: Partial<Record<Noun, RawList>> = {};
  const errors: Finding[] = [];
  for (const file of files) {
    const noun = nouns.find((name) => file.name === `${name}.csv`);
    if (noun === undefined) {
      const options = nouns.map((name) => `${name}.csv`).join(', ');
      errors.push({ path: file.name, code: 'file_unknown', params: { options } });
      continue;
    }
    const read = readFile(noun, file);
    if ('code' in read) errors.push(read);
    else lists[noun] = read;
  }
  for (const noun of nouns) {
    const isGiven = files.some((file) => file.name === `${noun}.csv`);
    if (!isGiven && !isOptional(noun)) {
      errors.push({ path: `${noun}.csv`, code: 'missing', params: {} });
    }
  }
  return { lists, errors };
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function readFile(noun: Noun, file: CsvFile): RawList | Finding {
  try {
    const parsed = parse(file.text, {
      bom: true,
      columns: uniqueColumns,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly Parsed[];
    const entries: readonly Row<unknown>[] = parsed.map(({ record, info }) => ({
      path: `${file.name}:${info.lines}`,
      value: entryOf(noun, record),
    }));
    return { path: file.name, entries };
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const line = typeof thrown['lines'] === 'number' ? thrown['lines'] : 1;
    return { path: file.name, code: 'csv_malformed', params: { line } };
  }
}

function uniqueColumns(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return names;
  throw new CsvError(
    'CSV_INVALID_COLUMN_MAPPING',
    [`the column ${twice} is there twice`],
    {} as never,
    [{ lines: 1 }],
  );
}

const listColumns: Readonly<Partial<Record<Noun, readonly string[]>>> = {
  weeks: weekdays,
  rosters: ['weeks'],
  oneOffs: ['hours'],
  people: ['roles', 'products', 'languages'],
  accounts: ['products', 'countries'],
};

function entryOf(noun: Noun, record: Parsed['record']): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  const lists = listColumns[noun] ?? [];
  for (const [column, cell] of Object.entries(record)) {
    if (lists.includes(column)) entry[column] = listOf(cell);
    else if (cell === '') continue;
    else if (noun === 'accounts' && column === 'sites') entry[column] = listOf(cell).map(siteOf);
    else if (noun === 'quotas' && column === 'percent') entry[column] = numberOf(cell);
    else if (noun === 'policies' && column === 'value') entry[column] = jsonOf(cell);
    else entry[column] = cell;
  }
  return entry;
}

const listOf = (cell: string): readonly string[] =>
  cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function siteOf(text: string): Record<string, string> {
  const [name = '', zone] = text.split('=').map((part) => part.trim());
  return zone === undefined ? { name } : { name, zone };
}

/** What is no number stays text, and is told as that. */
const numberOf = (cell: string): unknown => (/^[0-9]+$/.test(cell) ? Number(cell) : cell);

/** What is not JSON stays text, which is a value too. */
function jsonOf(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}
