import { expect, test } from 'vitest';
import { files } from './source.ts';

/** They say that something is there, and not what it is. */
const banned = ['manager', 'helper', 'util', 'utils', 'service', 'misc', 'common'];
/** A region and a person have a manager: there the word is the organisation's. */
const exempt = /manager(s|Of|Id|Row|Name)?$/i;

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

test('no file and no export is named after nothing', () => {
  const named = files
    .filter(({ layer }) => layer !== 'test')
    .flatMap(({ path, exports }) =>
      [path.split('/').at(-1) ?? '', ...exports].map((name) => ({ path, name })),
    );
  const empty = named
    .filter(({ name }) => !exempt.test(name.replace(/\.\w+$/, '')))
    .filter(({ name }) => wordsOf(name).some((word) => banned.includes(word)))
    .map(({ path, name }) => `${path}: ${name} says nothing of what it is: use the domain's word`);
  expect(empty).toEqual([]);
});

test('files are named in kebab-case', () => {
  const odd = files
    .map(({ path }) => path)
    .filter((path) => !/^[a-z\d-]+(\.(test|d))?\.(ts|mts|mjs)$/.test(path.split('/').at(-1) ?? ''));
  expect(odd).toEqual([]);
});
