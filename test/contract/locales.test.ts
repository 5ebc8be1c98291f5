import { expect, test } from 'vitest';
import { problems } from '../../domain/problem.ts';
import { catalogues, locales } from '../../locales/catalogue.ts';

/**
 * What every catalogue is held to. English is the one that the product's code is written against; a
 * plural key (`…_one`, `…_other`) counts as the one key that the code asks for.
 */
type Tree = string | { readonly [key: string]: Tree };

const leaves = (tree: Tree, path: string): readonly (readonly [string, string])[] =>
  typeof tree === 'string'
    ? [[path, tree]]
    : Object.entries(tree).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));

const textsOf = (locale: string): ReadonlyMap<string, string> =>
  new Map(leaves((catalogues.get(locale) ?? {}) as Tree, ''));

const english = textsOf('en');
const others = locales.filter((locale) => locale !== 'en');

const pluralEnd = /_(zero|one|two|few|many|other)$/;
/** Only those whose key also ends in `_other` are plurals: `waits_other` alone would be. */
const pluralsOf = (texts: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([...texts.keys()].filter((key) => key.endsWith('_other')).map((key) => key.slice(0, -6)));
const askedFor = (key: string, plurals: ReadonlySet<string>): string => {
  const stem = key.replace(pluralEnd, '');
  return plurals.has(stem) ? stem : key;
};
const keysOf = (texts: ReadonlyMap<string, string>): readonly string[] => {
  const plurals = pluralsOf(texts);
  return [...new Set([...texts.keys()].map((key) => askedFor(key, plurals)))].toSorted();
};

/** With their formats; each once, since a language may say a name twice. */
const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{\{([^}]*)\}\}/g)].map(([, name]) => name ?? ''))].toSorted();

test.for(others)('%s says everything that English says, and nothing else', (locale) => {
  expect(keysOf(textsOf(locale))).toEqual(keysOf(english));
});

test.for(others)(
  '%s fills its sentences with the values that English fills them with',
  (locale) => {
    const plurals = pluralsOf(english);
    const wrong = [...textsOf(locale)].flatMap(([key, text]) => {
      const asked = askedFor(key, plurals);
      const model = english.get(key) ?? english.get(`${asked}_other`) ?? '';
      const [theirs, ours] = [placeholders(model), placeholders(text)];
      return JSON.stringify(theirs) === JSON.stringify(ours) ? [] : [{ key, theirs, ours }];
    });
    expect(wrong).toEqual([]);
  },
);

test.for(locales)('%s has every plural form that its language has, and no other', (locale) => {
  const texts = textsOf(locale);
  const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
  for (const stem of pluralsOf(texts)) {
    const present = [...texts.keys()]
      .filter((key) => key.replace(pluralEnd, '') === stem && key !== stem)
      .map((key) => pluralEnd.exec(key)?.[1] ?? '');
    expect([stem, present.toSorted()]).toEqual([stem, needed]);
  }
});

test.for(locales)('%s has no empty, untrimmed or unreadable text, and no markup', (locale) => {
  const wrong = [...textsOf(locale)].filter(
    ([, text]) =>
      text.trim() === '' ||
      text !== text.trim() ||
      /[\p{Co}\p{Cs}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(text) ||
      /<[a-z/!]/i.test(text) ||
      /\$t\(/.test(text) ||
      // A placeholder that lost a brace, or holds anything but a name and a format.
      /[{}]/.test(text.replace(/\{\{\w+(, [\w():; ]+)?\}\}/g, '')),
  );
  expect(wrong).toEqual([]);
});

test.for(locales)('in %s a subject ends with the one thing that varies in it', (locale) => {
  const subjects = [...textsOf(locale)].filter(([key]) => key.endsWith('.subject'));
  expect(subjects.length).toBeGreaterThan(15);
  for (const [key, text] of subjects) {
    expect([key, text]).toEqual([key, expect.stringMatching(/^[^{}\n]+\{\{\w+\}\}$/)]);
  }
});

test('every problem has a title that needs no values, and a detail', () => {
  const wrong = Object.keys(problems).filter((code) => {
    const title = english.get(`problems.${code}.title`);
    return !title || title.includes('{{') || !english.get(`problems.${code}.detail`);
  });
  expect(wrong).toEqual([]);
  const known = new Set(Object.keys(problems));
  const extra = Object.keys(Object.fromEntries(english))
    .filter((key) => key.startsWith('problems.'))
    .map((key) => key.split('.').slice(1, 3).join('.'))
    .filter((code) => !known.has(code));
  expect(extra).toEqual([]);
});

/** Of `glossary.json`: the forms a term takes in a language, where English says it. */
const formsOf = (locale: string, term: string): readonly string[] =>
  (textsOf(locale).get(`glossary.${term}`) ?? '').toLowerCase().split(' / ');
const wordsOf = (text: string): string => text.replace(/\{\{.*?\}\}|\w+\.\w+/g, ' ').toLowerCase();

test.for(others)('%s keeps to its own words for handoff, read-back and custody', (locale) => {
  const texts = textsOf(locale);
  const says = (text: string, forms: readonly string[]): boolean =>
    forms.some((form) => wordsOf(text).includes(form));
  const wrong = ['handoff', 'read_back', 'custody'].flatMap((term) =>
    [...english]
      .filter(([key, text]) => !key.startsWith('glossary.') && says(text, formsOf('en', term)))
      .filter(([key]) => !says(texts.get(key) ?? '', formsOf(locale, term)))
      .map(([key]) => [term, key, texts.get(key)]),
  );
  expect(wrong).toEqual([]);
});
