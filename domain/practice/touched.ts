/**
 * What a change of the source opens again, and nothing else:
 * - any part of the text, or another language of it, opens every review: what was done is read as closely
 *   as what came of it, and a word can change it;
 * - the note of a country opens both reviews of that country;
 * - a wider audience opens the compliance reviews;
 * - another country or product has reviews of its own, and those of before stay;
 * - any translated text, or another language of it, ends every translation; notes are in the language
 *   of their country and are not translated.
 * Kind, competency and whether the author is named open nothing.
 */
import type { Review, SourceHashes, Terms } from './state.ts';

export function touchesReview(
  before: Terms,
  after: Terms,
  { kind, country }: Pick<Review, 'kind' | 'country'>,
): boolean {
  if (endsTranslations(before, after)) return true;
  if (noteOf(before.hashes, country) !== noteOf(after.hashes, country)) return true;
  return kind === 'compliance' && isWiderAudience(before, after);
}

/** Whether whoever reviews it has to look again: at another text, or for whom it is. */
export const isNewVersion = (before: Terms, after: Terms): boolean =>
  isNewText(before, after) || isWiderAudience(before, after);

/** Whether readers see another text than before. */
export const isNewText = (before: Terms, after: Terms): boolean =>
  before.hashes.text !== after.hashes.text ||
  before.locale !== after.locale ||
  [...Object.keys(before.hashes.notes), ...Object.keys(after.hashes.notes)].some(
    (country) => noteOf(before.hashes, country) !== noteOf(after.hashes, country),
  );

export const endsTranslations = (before: Terms, after: Terms): boolean =>
  before.hashes.text !== after.hashes.text || before.locale !== after.locale;

const noteOf = ({ notes }: SourceHashes, country: string): string | undefined => notes[country];

/** Whether some who could read it before cannot now, whatever is cleared. */
export function isNarrower(before: Terms, after: Terms): boolean {
  const lacks = (list: 'countries' | 'products'): boolean =>
    before[list].some((one) => !after[list].includes(one));
  return lacks('countries') || lacks('products') || isWiderAudience(after, before);
}

function isWiderAudience(before: Terms, after: Terms): boolean {
  if (after.isForPartners && !before.isForPartners) return true;
  if (before.roles.length === 0) return false;
  return after.roles.length === 0 || after.roles.some((role) => !before.roles.includes(role));
}
