/**
 * How long a text takes to read, and as much of it as can be read in so long. Characters a minute as
 * measured by reading aloud, the slower way, in Trauzettel-Klosinski and Dietz, "Standardized Assessment
 * of Reading Performance: The New International Reading Speed Texts IReST", IOVS 53(9), 2012, table 2.
 */

const charactersPerMinute: Readonly<Record<string, number>> = {
  en: 987,
  de: 920,
  fr: 998,
  es: 1_025,
  'pt-BR': 913,
  ja: 357,
  'zh-Hans': 255,
  ar: 612,
  // Not among the languages measured: as the one whose letters hold as much.
  ko: 357,
  hi: 612,
};
/** Of a language that nobody measured: the slowest that was. */
const slowest = Math.min(...Object.values(charactersPerMinute));

/** The spaces of typing do not count, as they did not where it was measured by words of print. */
const lengthOf = (text: string): number => text.trim().replace(/\s+/gu, ' ').length;

export const readingMinutes = (text: string, locale: string): number =>
  lengthOf(text) / (charactersPerMinute[locale] ?? slowest);

export interface Excerpt {
  readonly paragraphs: readonly string[];
  /** There is more of it. */
  readonly isCut: boolean;
}

/** Whole paragraphs while they fit, then whole sentences; of a first sentence too long, its beginning. */
export function excerpt(
  paragraphs: readonly string[],
  { locale, minutesMax }: { readonly locale: string; readonly minutesMax: number },
): Excerpt {
  const taken: string[] = [];
  let left = Math.floor(minutesMax * (charactersPerMinute[locale] ?? slowest));
  for (const paragraph of paragraphs) {
    if (lengthOf(paragraph) <= left) {
      taken.push(paragraph);
      left -= lengthOf(paragraph);
      continue;
    }
    const beginning = sentencesWithin(paragraph, locale, left);
    if (beginning !== '') taken.push(beginning);
    else if (taken.length === 0) taken.push(lettersWithin(paragraph, left));
    return { paragraphs: taken, isCut: true };
  }
  return { paragraphs: taken, isCut: false };
}

function sentencesWithin(text: string, locale: string, lengthMax: number): string {
  let kept = '';
  for (const { segment } of segmenter(locale, 'sentence').segment(text)) {
    if (lengthOf(kept + segment) > lengthMax) break;
    kept += segment;
  }
  return kept.trim();
}

function lettersWithin(text: string, lengthMax: number): string {
  let kept = '';
  for (const { segment } of segmenter('en', 'grapheme').segment(text)) {
    if (kept.length + segment.length >= lengthMax) break;
    kept += segment;
  }
  return `${kept.trim()}…`;
}

/** A new one costs more than an excerpt: kept, from the bounded list of locales. */
const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(locale: string, granularity: 'sentence' | 'grapheme'): Intl.Segmenter {
  const key = `${locale}/${granularity}`;
  const kept = segmenters.get(key) ?? new Intl.Segmenter(locale, { granularity });
  segmenters.set(key, kept);
  return kept;
}
