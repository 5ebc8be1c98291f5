import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type CsvFile, readCsv } from '../../../api/directory/csv.ts';
import {
  listsOf,
  type RawDirectory,
  readDirectory,
  readJson,
} from '../../../api/directory/file.ts';
import { vocabulary } from '../../../api/directory/vocabulary.ts';
import { type Directory, entriesMax, nouns } from '../../../domain/directory/directory.ts';
import { directoryFile, findingsOf, put } from '../../support/directory-file.ts';

const read = (raw: RawDirectory) => readDirectory(raw, vocabulary);
const errorsOf = (raw: RawDirectory) => {
  const answer = read(raw);
  return answer.ok ? [] : answer.errors;
};
const demo = readFileSync(new URL('../../../bin/demo/organisation.json', import.meta.url), 'utf8');

describe('JSON', () => {
  test.each([
    ['nothing', '', 1, 1],
    ['a comma too many', '{\n  "people": [,]\n}', 2, 14],
    ['a comma at the end', '{\n  "people": [\n    1,\n  ]\n}', 4, 3],
    ['a comma that is missing', '{"a": 1 "b": 2}', 1, 9],
    ['a key without quotes', '{\n  people: []\n}', 2, 3],
    ['a bracket that does not fit', '{"a": [1}\n', 1, 9],
    ['a comment', '{ "a": 1 } // note', 1, 12],
    ['an end that is missing', '{\n"a": [1]', 2, 9],
    ['a line break in a text', '{"a": "x\ny"}', 1, 7],
    ['a number with a leading zero', '[01]', 1, 3],
  ])('%s is told with its line and column', (_what, text, line, column) => {
    expect(errorsOf(readJson(text))).toEqual([
      { path: '', code: 'json_malformed', params: { line, column } },
    ]);
  });

  test.each(['[]', '"people"', '5', 'null', 'true'])('%s is not a directory', (text) => {
    expect(errorsOf(readJson(text))[0]).toEqual({ path: '', code: 'not_object', params: {} });
  });

  test('a byte order mark is no part of the file', () => {
    expect(read(readJson(`\uFEFF${JSON.stringify(directoryFile())}`)).ok).toBe(true);
  });

  test('null says the same as leaving a field out', () => {
    const spoil = (file: ReturnType<typeof directoryFile>) =>
      put(file.people[2]!, { locale: null, backup: null, zone: null });
    expect(findingsOf(spoil).errors).toEqual([
      { path: 'people[2].zone', code: 'missing', params: {} },
    ]);
  });

  test('a list beyond its limit is told by its size and not read', () => {
    const regions = Array.from({ length: entriesMax.regions + 1 }, () => 'not even an entry');
    const errors = errorsOf(listsOf({ ...directoryFile(), regions }));
    expect(errors.filter(({ path }) => path.startsWith('regions'))).toEqual([
      { path: 'regions', code: 'list_too_long', params: { max: 500, length: 501 } },
    ]);
  });

  test('200,000 nested lists are no value of any policy, and nothing worse', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const file = { ...directoryFile(), policies: [] };
    const text = JSON.stringify(file).replace(
      '"policies":[]',
      `"policies":[{"key":"alert.minutes","validFrom":"2026-01-01","value":${deep}}]`,
    );
    expect(errorsOf(readJson(text))).toEqual([
      {
        path: 'policies[0].value',
        code: 'policy_minutes',
        params: { policy: 'alert.minutes', min: 1, max: 240 },
      },
    ]);
  });

  test('a field named __proto__ is a field that does not exist', () => {
    const text = JSON.stringify(directoryFile()).replace(
      '"regions":[{',
      '"regions":[{"__proto__":{"x":1},',
    );
    expect(errorsOf(readJson(text))).toEqual([
      { path: 'regions[0].__proto__', code: 'unknown_field', params: {} },
    ]);
  });
});

/** The way a spreadsheet would hold it. */
function asCsv(file: Record<string, readonly Record<string, unknown>[]>): CsvFile[] {
  const cell = (value: unknown, column: string): string => {
    if (value === undefined) return '';
    if (column === 'sites') {
      return (value as { name: string; zone: string }[])
        .map(({ name, zone }) => `${name}=${zone}`)
        .join('; ');
    }
    if (column === 'value') return JSON.stringify(value);
    return Array.isArray(value) ? value.join('; ') : `${value as string | number}`;
  };
  return Object.entries(file).map(([noun, entries]) => {
    const columns = [...new Set(entries.flatMap(Object.keys))];
    const rows = entries.map((entry) => columns.map((column) => cell(entry[column], column)));
    const quoted = [columns, ...rows].map((row) =>
      row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
    );
    return { name: `${noun}.csv`, text: quoted.join('\r\n') };
  });
}

describe('CSV', () => {
  const values = (directory: Directory) =>
    nouns.map((noun) =>
      (directory[noun] ?? []).map(({ value }) =>
        Object.fromEntries(
          Object.entries(value).filter(
            ([, entry]) => !(Array.isArray(entry) && entry.length === 0),
          ),
        ),
      ),
    );

  test('the demo organisation is the same, read as CSV or as JSON', () => {
    const json = read(readJson(demo));
    const csv = read(readCsv(asCsv(JSON.parse(demo) as never)));
    if (!json.ok || !csv.ok) throw new Error('both are read');
    expect(values(csv.directory)).toEqual(values(json.directory));
  });

  const files = (changed: CsvFile) => [
    ...asCsv(directoryFile() as never).filter(({ name }) => name !== changed.name),
    changed,
  ];

  test('a mistake is told with its file and line', () => {
    const text = `id,name,kind,region\nberlin,"Berlin",own,germany\n\ndealer,A dealer,partnr,japan\n`;
    expect(errorsOf(readCsv(files({ name: 'teams.csv', text })))).toEqual([
      {
        path: 'teams.csv:4.kind',
        code: 'not_one_of',
        params: { value: 'partnr', options: 'own, partner', suggestion: 'partner' },
      },
    ]);
  });

  test.each([
    ['a row that is too short', 'id,name,kind,region\nberlin,Berlin,own\n', 2],
    ['a quote that never ends', 'id,name,kind,region\nberlin,"Berlin,own,germany\n', 2],
    ['a column that is there twice', 'id,name,kind,name\nberlin,Berlin,own,germany\n', 1],
  ])('%s is refused with its line', (_what, text, line) => {
    const errors = errorsOf(readCsv(files({ name: 'teams.csv', text })));
    expect(errors).toEqual([
      { path: 'teams.csv', code: 'csv_malformed', params: { line: expect.any(Number) } },
    ]);
    expect(errors[0]!.params['line']).toBeGreaterThanOrEqual(line);
  });

  test('a site without a zone is told at the zone', () => {
    const text = `id,name,team,products,countries,sites,owner\na-1,A,berlin,,DE,Osaka,tokyo-lead\n`;
    expect(errorsOf(readCsv(files({ name: 'accounts.csv', text })))).toEqual([
      { path: 'accounts.csv:2.sites[0].zone', code: 'missing', params: {} },
    ]);
  });

  test('a file that is missing and one too many are told', () => {
    const given = asCsv(directoryFile() as never).map((file) =>
      file.name === 'teams.csv' ? { ...file, name: 'team.csv' } : file,
    );
    expect(errorsOf(readCsv(given)).map(({ path, code }) => [path, code])).toEqual(
      expect.arrayContaining([
        ['team.csv', 'file_unknown'],
        ['teams.csv', 'missing'],
      ]),
    );
  });
});
