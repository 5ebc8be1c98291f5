/** Every catalogue, loaded once: `locales/<locale>/<file>.json` holds the keys `<file>.…`. */
import { readdirSync, readFileSync } from 'node:fs';
import { createInstance, type TFunction } from 'i18next';

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

const instance = createInstance({
  lng: fallbackLocale,
  fallbackLng: fallbackLocale,
  initAsync: false,
  resources: Object.fromEntries(
    [...catalogues].map(([locale, translation]) => [locale, { translation }]),
  ),
  // Values are put in after translation (`render.ts`): no value is ever read as a template.
  interpolation: { escapeValue: false },
});
void instance.init();

/** Bound to one locale; nothing here is ever switched to another. */
const fixed = new Map<string, TFunction>(
  locales.map((locale) => [locale, instance.getFixedT(locale)]),
);

export const translate = (locale: string): TFunction =>
  fixed.get(locale) ?? instance.getFixedT(fallbackLocale);

/** The best catalogue for a language tag (RFC 4647 lookup), or null. */
export function matchLocale(tag: string | null): string | null {
  for (let part = tag ?? ''; part !== ''; part = part.replace(/-?[^-]*$/, '')) {
    const found = locales.find((locale) => locale.toLowerCase() === part.toLowerCase());
    if (found) return found;
  }
  return locales.find((locale) => locale.split('-')[0] === tag?.split('-')[0]) ?? null;
}
