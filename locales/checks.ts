/** What a catalogue is held to: English is the one that the product's code is written against. */
import { catalogues, fallbackLocale } from './catalogue.ts';

type Tree = string | { readonly [key: string]: Tree };
export type Texts = ReadonlyMap<string, string>;

const leaves = (tree: Tree, path: string): readonly (readonly [string, string])[] =>
  typeof tree === 'string'
    ? [[path, tree]]
    : Object.entries(tree).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));

export const textsOf = (locale: string): Texts =>
  new Map(leaves((catalogues.get(locale) ?? {}) as Tree, ''));

const pluralEnd = /_(zero|one|two|few|many|other)$/;
/** Only those whose key also ends in `_other` are plurals: `waits_other` alone would be. */
const pluralsOf = (texts: Texts): ReadonlySet<string> =>
  new Set([...texts.keys()].filter((key) => key.endsWith('_other')).map((key) => key.slice(0, -6)));

/** A plural key (`…_one`, `…_other`) counts as the one key that the code asks for. */
const askedFor = (key: string, plurals: ReadonlySet<string>): string => {
  const stem = key.replace(pluralEnd, '');
  return plurals.has(stem) ? stem : key;
};
const keysOf = (texts: Texts): ReadonlySet<string> => {
  const plurals = pluralsOf(texts);
  return new Set([...texts.keys()].map((key) => askedFor(key, plurals)));
};

/** With their formats; each once, since a language may say a name twice. */
const placeholdersOf = (text: string): string =>
  [...new Set([...text.matchAll(/\{\{([^}]*)\}\}/g)].map(([, name]) => name ?? ''))]
    .toSorted()
    .join(' ');

export interface Findings {
  /** English says it, and this one does not. */
  readonly missing: readonly string[];
  readonly superfluous: readonly string[];
  /** Filled with other values than in English. */
  readonly otherValues: readonly string[];
  /** Forms that its plural rules (CLDR) have and the text has not, or the other way round. */
  readonly pluralForms: readonly string[];
  readonly unreadable: readonly string[];
  /** Other words than its own glossary for what English has a term for. */
  readonly strayTerms: readonly string[];
}

export function checkCatalogue(locale: string, texts: Texts = textsOf(locale)): Findings {
  const english = textsOf(fallbackLocale);
  const [ours, theirs] = [keysOf(texts), keysOf(english)];
  return {
    missing: [...theirs].filter((key) => !ours.has(key)),
    superfluous: [...ours].filter((key) => !theirs.has(key)),
    otherValues: otherValues(texts, english),
    pluralForms: wrongPlurals(locale, texts),
    unreadable: [...texts].filter(([, text]) => isUnreadable(text)).map(([key]) => key),
    strayTerms: locale === fallbackLocale ? [] : strayTerms(texts, english),
  };
}

function otherValues(texts: Texts, english: Texts): readonly string[] {
  const plurals = pluralsOf(english);
  return [...texts].flatMap(([key, text]) => {
    const model = english.get(key) ?? english.get(`${askedFor(key, plurals)}_other`);
    return model === undefined || placeholdersOf(model) === placeholdersOf(text) ? [] : [key];
  });
}

function wrongPlurals(locale: string, texts: Texts): readonly string[] {
  const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
  return [...pluralsOf(texts)].filter((stem) => {
    const present = [...texts.keys()]
      .filter((key) => key.replace(pluralEnd, '') === stem && key !== stem)
      .map((key) => pluralEnd.exec(key)?.[1] ?? '');
    return present.toSorted().join(' ') !== needed.join(' ');
  });
}

const isUnreadable = (text: string): boolean =>
  text.trim() === '' ||
  text !== text.trim() ||
  /[\p{Co}\p{Cs}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(text) ||
  /<[a-z/!]/i.test(text) ||
  /\$t\(/.test(text) ||
  // A placeholder that lost a brace, or holds anything but a name and a format.
  /[{}]/.test(text.replace(/\{\{\w+(, [\w():; ]+)?\}\}/g, ''));

/** Of `glossary.json`: the forms a term takes in a language, where English says it. */
const formsOf = (texts: Texts, term: string): readonly string[] =>
  (texts.get(term) ?? '').toLowerCase().split(' / ');
const wordsOf = (text: string): string => text.replace(/\{\{.*?\}\}|\w+\.\w+/g, ' ').toLowerCase();
const says = (text: string, forms: readonly string[]): boolean =>
  forms.some((form) => wordsOf(text).includes(form));

function strayTerms(texts: Texts, english: Texts): readonly string[] {
  const terms = [...english.keys()].filter((key) => key.startsWith('glossary.'));
  const sentences = [...english].filter(([key]) => !key.startsWith('glossary.'));
  return terms.flatMap((term) => {
    const [theirs, ours] = [formsOf(english, term), formsOf(texts, term)];
    return sentences
      .filter(([key, text]) => says(text, theirs) && !says(texts.get(key) ?? '', ours))
      .map(([key]) => `${key} (${term.replace('glossary.', '')})`);
  });
}
