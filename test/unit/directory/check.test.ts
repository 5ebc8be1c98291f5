import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DirectoryFile, drop, findingsOf, put } from '../../support/directory-file.ts';

test('nothing is found in a file without mistakes', () => {
  expect(findingsOf(() => undefined)).toEqual({ errors: [], warnings: [] });
});

describe('a mistake is told once', () => {
  test('naming an entry that could not be read is no second mistake', () => {
    const { errors } = findingsOf((file) => put(file.people[1]!, { name: 5 }));
    expect(errors).toEqual([{ path: 'people[1].name', code: 'not_text', params: {} }]);
  });

  test('a line that leads back is told at its first member, not at those below it', () => {
    const { errors: cycles } = findingsOf((file) =>
      put(file.people[0]!, { manager: 'berlin-manager' }),
    );
    expect(cycles.map(({ path }) => path)).toEqual(['people[0].manager']);
  });

  test('all mistakes are told at once', () => {
    const { errors } = findingsOf((file) => {
      put(file.people[2]!, { zone: 'Europe/Munchen' });
      put(file.accounts[0]!, { owner: 'x' });
      put(file.teams[0]!, { kind: 5 });
      drop(file, 'absences');
    });
    const paths = errors.map(({ path }) => path);
    expect(paths.sort()).toEqual([
      'absences',
      'accounts[0].owner',
      'people[2].zone',
      'teams[0].kind',
    ]);
  });
});

describe('an id holds no part of the name', () => {
  test.each([
    ['petersen-berlin', 'Jonas Petersen'],
    ['jpetersen', 'Jonas Petersen'],
    ['yildiz', 'Leyla Yıldız'],
    ['lead-yildiz', 'Leyla Yildız'],
    ['ana-lead', 'Ana Souza'],
    ['munoz-1', 'María Muñoz'],
    ['mueller-1', 'Jürgen Müller'],
    ['juergen', 'Jürgen Müller'],
  ])('%s for %s is refused', (id, name) => {
    const { errors } = findingsOf((file) => file.people.push({ ...file.people[2]!, id, name }));
    expect(errors.map(({ code }) => code)).toEqual(['id_reveals_name']);
  });

  test.each([
    ['berlin-lead-2', 'Jonas Petersen'],
    ['banana-desk', 'Ana Souza'],
    ['tokyo-second', '佐藤 美咲'],
    ['de-lead', 'Simone de Beauvoir'],
  ])('%s for %s is accepted', (id, name) => {
    const email = 'other@example.org';
    const spoil = (file: DirectoryFile) =>
      file.people.push({ ...file.people[2]!, id, name, email });
    expect(findingsOf(spoil).errors).toEqual([]);
  });
});

test('the example of the page on calendars is a file without mistakes', () => {
  const page = readFileSync(new URL('../../../docs/calendars.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n(.+?)```/s.exec(page) ?? [];
  const { weeks, ...rest } = JSON.parse(example) as { readonly weeks: DirectoryFile['weeks'] };
  const found = findingsOf((file) => put(file, { ...rest, weeks: [...file.weeks, ...weeks] }));
  expect(found).toEqual({ errors: [], warnings: [] });
});

describe('what is odd but possible is a warning', () => {
  test('a week without hours that people work by', () => {
    const { warnings: found } = findingsOf((file) => put(file.weeks, { 1: { id: 'night' } }));
    expect(found).toEqual([{ path: 'weeks[1]', code: 'week_without_work', params: { people: 1 } }]);
  });

  test('a few days between two rosters, since somebody may have forgotten them', () => {
    const rosters = (firstDay: string) => [
      { id: 'b', person: 'berlin-lead', firstDay, weeks: ['night'] },
      {
        id: 'a',
        person: 'berlin-lead',
        firstDay: '2027-01-04',
        lastDay: '2027-01-31',
        weeks: ['night'],
      },
    ];
    const found = (firstDay: string) =>
      findingsOf((file) => put(file, { rosters: rosters(firstDay) })).warnings;
    expect(found('2027-02-01')).toEqual([]);
    expect(found('2027-02-08')).toEqual([
      { path: 'rosters[0].firstDay', code: 'roster_gap', params: { first: 'rosters[1]', days: 7 } },
    ]);
    expect(found('2027-03-04')).toHaveLength(1);
    expect(found('2027-03-05')).toEqual([]); // a season
  });

  test('a shared mailbox', () => {
    const { warnings: found } = findingsOf((file) =>
      put(file.people[3]!, { email: 'BERLIN-LEAD@example.org' }),
    );
    expect(found).toEqual([
      { path: 'people[3].email', code: 'email_shared', params: { first: 'people[2]' } },
    ]);
  });

  test('nobody who can replace the directory or is asked when a step cannot be settled', () => {
    const { warnings: found } = findingsOf((file) =>
      put(file.people[0]!, { roles: ['admin@japan'] }),
    );
    expect(found.map(({ code }) => code)).toEqual(['no_admin', 'no_operator']);
  });
});
