/** In which language somebody reads a practice: their own where it is approved, else shown as another. */
import type { TranslationStatus } from './practice.ts';

export interface TranslationState {
  readonly locale: string;
  readonly status: TranslationStatus;
  readonly sourceHash: string;
  /** Countries that its approvers are cleared for. */
  readonly approvedFor: readonly string[];
}

export interface Translated {
  readonly sourceLocale: string;
  readonly sourceHash: string;
  readonly translations: readonly TranslationState[];
}

export interface ReadingIn {
  readonly locale: string;
  readonly regionLocale: string;
  readonly country: string | null;
}

export interface ReadableText {
  readonly locale: string;
  /** Not the reader's own language: said wherever it is shown. */
  readonly isFallback: boolean;
}

/**
 * The reader's language, that of their region, English, the source: the first whose text is approved
 * for their country. The source itself is, wherever the practice is cleared: its reviewers read it.
 */
export function readableText(practice: Translated, reader: ReadingIn): ReadableText {
  const wanted = [reader.locale, reader.regionLocale, 'en'];
  const locale = wanted.find(
    (one) =>
      one === practice.sourceLocale ||
      translationIn(practice, { locale: one, country: reader.country }) !== undefined,
  );
  const found = locale ?? practice.sourceLocale;
  return { locale: found, isFallback: found !== reader.locale };
}

interface Read {
  readonly locale: string;
  readonly country: string | null;
}

/** The one that is in force there, of the text of now: a language has several, a country one. */
export const translationIn = <State extends TranslationState>(
  {
    translations,
    sourceHash,
  }: { readonly sourceHash: string; readonly translations: readonly State[] },
  { locale, country }: Read,
): State | undefined =>
  translations.find(
    (one) =>
      one.locale === locale &&
      one.status === 'approved' &&
      one.sourceHash === sourceHash &&
      country !== null &&
      one.approvedFor.includes(country),
  );
