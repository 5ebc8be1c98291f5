/** Reads a directory file, JSON or one CSV a noun, entry by entry, so that every mistake is found. */
import type { BrokenIds, Vocabulary } from '../../domain/directory/checking.ts';
import { checkDirectory } from '../../domain/directory/check.ts';
import {
  type Directory,
  type EntryOf,
  entriesMax,
  isOptional,
  type Noun,
  nouns,
  type Row,
} from '../../domain/directory/directory.ts';
import type { Finding } from '../../domain/directory/finding.ts';
import { placeOfMistake } from './json-place.ts';
import { findingsOf } from './shape-findings.ts';
import { entryShape } from './shape.ts';

/** A list of the file before its entries are looked at; each knows where it stands. */
export interface RawList {
  readonly path: string;
  readonly entries: readonly Row<unknown>[];
}
export interface RawDirectory {
  readonly lists: Readonly<Partial<Record<Noun, RawList>>>;
  readonly errors: readonly Finding[];
}

export type ReadDirectory =
  | { readonly ok: true; readonly directory: Directory; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly Finding[] };

/** Shape and meaning of the whole file, all mistakes of both at once. */
export function readDirectory(raw: RawDirectory, vocabulary: Vocabulary): ReadDirectory {
  const errors: Finding[] = [...raw.errors];
  const broken: Partial<Record<Noun, ReadonlySet<string>>> = {};
  const read = <N extends Noun>(noun: N): readonly Row<EntryOf[N]>[] => {
    const list = readList(noun, raw.lists[noun]);
    errors.push(...list.errors);
    broken[noun] = list.brokenIds;
    return list.rows;
  };
  const directory: Directory = {
    regions: read('regions'),
    weeks: read('weeks'),
    rosters: read('rosters'),
    teams: read('teams'),
    people: read('people'),
    accounts: read('accounts'),
    holidays: read('holidays'),
    absences: read('absences'),
    oneOffs: read('oneOffs'),
    delegations: read('delegations'),
    policies: read('policies'),
    targetProfiles: raw.lists.targetProfiles && read('targetProfiles'),
    descriptors: raw.lists.descriptors && read('descriptors'),
    quotas: raw.lists.quotas && read('quotas'),
    identities: raw.lists.identities && read('identities'),
  };
  // What cannot be read at all has no meaning to check.
  if (raw.errors.some((finding) => finding.code.endsWith('_malformed')))
    return { ok: false, errors };
  const checked = checkDirectory(directory, vocabulary, broken satisfies BrokenIds);
  errors.push(...checked.errors);
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, directory, warnings: checked.warnings };
}

interface ReadList<T> {
  readonly rows: readonly Row<T>[];
  readonly brokenIds: ReadonlySet<string>;
  readonly errors: readonly Finding[];
}

function readList<N extends Noun>(noun: N, list: RawList | undefined): ReadList<EntryOf[N]> {
  const rows: Row<EntryOf[N]>[] = [];
  const brokenIds = new Set<string>();
  const errors: Finding[] = [];
  const entries = list?.entries ?? [];
  if (list && entries.length > entriesMax[noun]) {
    const params = { max: entriesMax[noun], length: entries.length };
    return { rows, brokenIds, errors: [{ path: list.path, code: 'list_too_long', params }] };
  }
  const shape = entryShape(noun);
  for (const { path, value } of entries) {
    const entry = withoutNulls(value);
    const parsed = shape.safeParse(entry, { reportInput: true });
    if (parsed.success) rows.push({ path, value: parsed.data });
    else {
      errors.push(...findingsOf(noun, path, parsed.error.issues));
      if (isRecord(entry) && typeof entry['id'] === 'string') brokenIds.add(entry['id']);
    }
  }
  return { rows, brokenIds, errors };
}

/** `"manager": null` says the same as leaving it out. */
function withoutNulls(entry: unknown): unknown {
  if (!isRecord(entry) || !Object.values(entry).includes(null)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

export function readJson(text: string): RawDirectory {
  let file: unknown;
  const json = text.replace(/^\uFEFF/, '');
  try {
    file = JSON.parse(json);
  } catch {
    const params = { ...placeOfMistake(json) };
    return { lists: {}, errors: [{ path: '', code: 'json_malformed', params }] };
  }
  return listsOf(file);
}

/** A JSON value that has been parsed already, such as the body of a request. */
export function listsOf(file: unknown): RawDirectory {
  if (!isRecord(file)) return { lists: {}, errors: [{ path: '', code: 'not_object', params: {} }] };
  const lists: Partial<Record<Noun, RawList>> = {};
  const errors: Finding[] = [];
  for (const noun of nouns) {
    const value = file[noun];
    if (Array.isArray(value)) {
      const entries = value.map((entry: unknown, index) => ({
        path: `${noun}[${index}]`,
        value: entry,
      }));
      lists[noun] = { path: noun, entries };
    } else if (value !== undefined && value !== null) {
      errors.push({ path: noun, code: 'not_list', params: {} });
    } else if (!isOptional(noun)) errors.push({ path: noun, code: 'missing', params: {} });
  }
  errors.push(...unknownFields(Object.keys(file)));
  return { lists, errors };
}

const unknownFields = (fields: readonly string[]): readonly Finding[] =>
  findingsOf('file', '', [
    {
      code: 'unrecognized_keys',
      path: [],
      message: '',
      input: undefined as never,
      keys: fields.filter(
        (field) => !(nouns as readonly string[]).includes(field) && field !== '$schema',
      ),
    },
  ]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
