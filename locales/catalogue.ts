/** Every catalogue, loaded once: `locales/<locale>/<file>.json` holds the keys `<file>.…`. */
import { readdirSync, readFileSync } from 'node:fs';
import { createInstance, type TFunction } from 'i18next';
import { pseudoLocale, pseudoTree, type Tree } from './pseudo.ts';

const folder = new URL('./', import.meta.url);
/** What is shown where a translation is missing, and to whoever's language is not known. */
export const fallbackLocale = 'en';

type Catalogue = Readonly<Record<string, unknown>>;

function readCatalogue(locale: string): Catalogue {
  const files = readdirSync(new URL(`${locale}/`, folder)).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => {
      const text = readFileSync(new URL(`${locale}/${name}`, folder), 'utf8');
      return [name.slice(0, -'.json'.length), JSON.parse(text) as unknown];
    }),
  );
}

export const locales: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** By locale: all of its texts, as the files have them. */
export const catalogues: ReadonlyMap<string, Catalogue> = new Map(
  locales.map((locale) => [locale, readCatalogue(locale)]),
);

const gaps = new Map<string, number>();

/** What was asked for and is not there, as `<locale>/<key>`, with how often. Empty when all is well. */
export const catalogueGaps = (): ReadonlyMap<string, number> => gaps;

function countGap(locale: string, what: string): void {
  const gap = `${locale}/${what}`;
  gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
}

/** Stands for a text that is not there: no catalogue holds this letter of the private use area. */
const absent = '\uE002';

const instance = createInstance({
  lng: fallbackLocale,
  // What is missing is looked for below, so that it is never silently in another language.
  fallbackLng: false,
  initAsync: false,
  resources: Object.fromEntries(
    [...catalogues].map(([locale, translation]) => [locale, { translation }]),
  ),
  // Values are put in after translation (`render.ts`): no value is ever read as a template.
  interpolation: { escapeValue: false },
  returnedObjectHandler: () => absent,
  missingInterpolationHandler(_text: string, [, name = '']: string[]) {
    countGap('*', `{{${name}}}`);
    return '…';
  },
});
void instance.init();

/** Bound to one locale; nothing here is ever switched to another. */
const fixed = new Map<string, TFunction>(
  locales.map((locale) => [locale, instance.getFixedT(locale)]),
);

/** What whoever's language is English reads. */
let english = fallbackLocale;

/** Shows the pseudo-locale to readers of English until the answer is called: never in production. */
export function showPseudoLocale(): () => void {
  const texts = pseudoTree((catalogues.get(fallbackLocale) ?? {}) as Tree);
  instance.addResourceBundle(pseudoLocale, 'translation', texts);
  fixed.set(pseudoLocale, instance.getFixedT(pseudoLocale));
  english = pseudoLocale;
  return () => {
    english = fallbackLocale;
  };
}

/** Read by whoever's language is not known. */
export const localeByDefault = (): string => english;

export interface Translated {
  readonly text: string;
  /** The catalogue it is from: another than asked for where a translation is missing. */
  readonly locale: string;
}

export function translate(
  locale: string,
  key: string,
  values: Readonly<Record<string, string | number>>,
): Translated {
  // Under `replace`, no name of a value is read as an option; `count` is one, and chooses the plural.
  const options = {
    replace: values,
    defaultValue: absent,
    ...(typeof values['count'] === 'number' && { count: values['count'] }),
  };
  for (const from of locale === fallbackLocale ? [locale] : [locale, fallbackLocale]) {
    const text = fixed.get(from)?.(key, options) ?? absent;
    if (text !== absent) return { text, locale: from };
    countGap(from, key);
  }
  return { text: key, locale: fallbackLocale };
}

/** The best catalogue for a language tag (RFC 4647 lookup), or null. */
export function matchLocale(tag: string | null): string | null {
  const wanted = (tag ?? '').replaceAll('_', '-').toLowerCase();
  for (let part = wanted; part !== ''; part = part.replace(/-?[^-]*$/, '')) {
    const found = locales.find((locale) => locale.toLowerCase() === part);
    if (found) return found === fallbackLocale ? english : found;
  }
  // Even across scripts: who writes zh-Hant reads zh-Hans sooner than English.
  return locales.find((locale) => languageOf(locale) === languageOf(wanted)) ?? null;
}

/** As its own readers call it. */
export function languageName(locale: string): string {
  const { about } = (catalogues.get(locale) ?? {}) as { about?: { language?: string } };
  return about?.language ?? locale;
}

const languageOf = (tag: string): string => tag.split('-')[0] ?? '';

const directions = new Map<string, 'ltr' | 'rtl'>(
  locales.map((locale) => {
    // ECMA-402's text info, which the types of TypeScript do not know yet.
    const { direction } = (
      new Intl.Locale(locale) as Intl.Locale & { getTextInfo(): { direction: 'ltr' | 'rtl' } }
    ).getTextInfo();
    return [locale, direction];
  }),
);

export const directionOf = (locale: string): 'ltr' | 'rtl' => directions.get(locale) ?? 'ltr';
