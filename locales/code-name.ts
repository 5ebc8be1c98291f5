/** Countries and languages by name: in the reader's language, else by their code. */

/** A new one costs more than a message: kept, from bounded lists of locales. */
const kept = new Map<string, Intl.DisplayNames>();

export function codeName(type: 'region' | 'language', code: string, locale: string): string {
  const key = `${type}/${locale}`;
  const names = kept.get(key) ?? new Intl.DisplayNames([locale, 'en'], { type });
  kept.set(key, names);
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // not shaped like a code at all
  }
}
