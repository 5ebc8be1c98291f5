/** What the checks of all nouns share: the list they add to, references, ids, zones and locales. */
import type { Directory, Noun, Row } from './directory.ts';
import type { Finding, FindingCode } from './finding.ts';

/** What the check cannot know by itself: zones, locales and countries of the running product. */
export interface Vocabulary {
  readonly locales: readonly string[];
  isZone(name: string): boolean;
  /** The zone somebody probably meant. */
  likelyZone(name: string): string | null;
  isCountry(code: string): boolean;
  /** The candidate that differs least, if one is near. */
  closest(word: string, candidates: Iterable<string>): string | null;
}

/** Naming an entry that could not be read is no second mistake. */
export type BrokenIds = Readonly<Partial<Record<Noun, ReadonlySet<string>>>>;

const referenceCodes = {
  regions: 'unknown_region',
  weeks: 'unknown_week',
  teams: 'unknown_team',
  people: 'unknown_person',
} as const satisfies Partial<Record<Noun, FindingCode>>;
type Referable = keyof typeof referenceCodes;

export interface Check {
  readonly directory: Directory;
  readonly vocabulary: Vocabulary;
  readonly ids: Readonly<Record<Referable, ReadonlySet<string>>>;
  readonly errors: Finding[];
  readonly warnings: Finding[];
  suggestionsLeft: number;
}

/** A file with thousands of mistakes lists them all, but only these are compared with candidates. */
const suggestionsMax = 200;

export function startCheck(directory: Directory, vocabulary: Vocabulary, broken: BrokenIds): Check {
  const ids = (noun: Referable) =>
    new Set([...directory[noun].map((row) => row.value.id), ...(broken[noun] ?? [])]);
  return {
    directory,
    vocabulary,
    ids: {
      regions: ids('regions'),
      weeks: ids('weeks'),
      teams: ids('teams'),
      people: ids('people'),
    },
    errors: [],
    warnings: [],
    suggestionsLeft: suggestionsMax,
  };
}

export function error(
  check: Check,
  path: string,
  code: FindingCode,
  params: Finding['params'] = {},
): void {
  check.errors.push({ path, code, params });
}

export function warn(
  check: Check,
  path: string,
  code: FindingCode,
  params: Finding['params'] = {},
): void {
  check.warnings.push({ path, code, params });
}

function suggest(check: Check, value: string, find: () => string | null): Finding['params'] {
  const suggestion = check.suggestionsLeft-- > 0 ? find() : null;
  return suggestion === null ? { value } : { value, suggestion };
}

/** Ids travel into addresses, logs and workflows: short, and of one alphabet. */
const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Each entry's id is well-formed and its own. */
export function checkIds(check: Check, rows: readonly Row<{ readonly id: string }>[]): void {
  for (const row of rows) {
    const { id } = row.value;
    if (!idPattern.test(id)) error(check, `${row.path}.id`, 'id_invalid', { value: id });
  }
  checkUnique(check, rows, { key: (entry) => entry.id, field: 'id' });
}

export interface UniqueBy<T> {
  key(entry: T): string;
  /** Where the mistake is shown; absent, at the entry itself. */
  readonly field?: string;
}

export function checkUnique<T>(check: Check, rows: readonly Row<T>[], by: UniqueBy<T>): void {
  const firstPaths = new Map<string, string>();
  for (const row of rows) {
    const key = by.key(row.value);
    const first = firstPaths.get(key);
    if (first === undefined) firstPaths.set(key, row.path);
    else {
      const path = by.field === undefined ? row.path : `${row.path}.${by.field}`;
      error(check, path, 'duplicate', { value: key, first });
    }
  }
}

/** `id` names an entry of the file. */
export function checkReference(check: Check, noun: Referable, at: Reference): void {
  const known = check.ids[noun];
  if (at.id === undefined || known.has(at.id)) return;
  const { id } = at;
  const params = suggest(check, id, () => check.vocabulary.closest(id, known));
  error(check, at.path, referenceCodes[noun], params);
}

export interface Reference {
  readonly path: string;
  readonly id: string | undefined;
}

export function checkZone(check: Check, path: string, zone: string): void {
  const { vocabulary } = check;
  if (vocabulary.isZone(zone)) return;
  error(
    check,
    path,
    'zone_unknown',
    suggest(check, zone, () => vocabulary.likelyZone(zone)),
  );
}

export function checkLocale(check: Check, path: string, locale: string | undefined): void {
  const { locales } = check.vocabulary;
  if (locale === undefined || locales.includes(locale)) return;
  error(check, path, 'locale_unknown', { value: locale, options: locales.join(', ') });
}

export function checkOneOf(
  check: Check,
  at: { readonly path: string; readonly value: string; readonly code: FindingCode },
  options: readonly string[],
): void {
  if (options.includes(at.value)) return;
  const params = suggest(check, at.value, () => check.vocabulary.closest(at.value, options));
  error(check, at.path, at.code, { ...params, options: options.join(', ') });
}
