/** Who could do what is asked about a practice, by the clearances of now. Its author never can. */
import type { PersonId } from '../id.ts';
import { dutyKey, reviewKey, translationKey } from './asks.ts';
import type { Cleared, PracticeState, Translation } from './state.ts';

type ClearedPeople = readonly Cleared[];

/** Whoever has the least to do first; nobody for a key of nothing. */
export function ableFor(
  state: PracticeState,
  key: string,
  cleared: ClearedPeople,
): readonly PersonId[] {
  return [...new Set(clearedFor(state, key, cleared).map(({ id }) => id))].filter(
    (id) => id !== state.author,
  );
}

/** Whoever decides upon a translation: of another's, in a language they work in. */
export const ableForText = (
  { author }: PracticeState,
  translation: Translation,
  cleared: ClearedPeople,
): readonly PersonId[] => [
  ...new Set(clearedForText(translation, cleared).flatMap(({ id }) => (id === author ? [] : [id]))),
];

const clearedForText = ({ locale, proposer }: Translation, cleared: ClearedPeople): ClearedPeople =>
  cleared.filter(({ id, locales }) => id !== proposer && locales.includes(locale));

function clearedFor(state: PracticeState, key: string, cleared: ClearedPeople): ClearedPeople {
  const review = state.reviews.find((one) => reviewKey(one) === key);
  if (review) {
    const { kind, country, product } = review;
    return cleared.filter(
      (one) => one.kind === kind && one.country === country && isTrained(one, [product]),
    );
  }
  // One that is in force has nobody to be asked for it, and may lie beside one that waits.
  const translation = state.translations.find(
    (one) => one.ask !== null && translationKey(one) === key,
  );
  if (translation) return clearedForText(translation, cleared);
  const duty = state.duties.find((one) => dutyKey(one) === key);
  if (!duty) return [];
  const products = state.terms?.products ?? [];
  return cleared.filter(
    (one) => one.kind === 'clinical' && one.country === duty.country && isTrained(one, products),
  );
}

export const isTrained = (
  { products }: Pick<Cleared, 'products'>,
  wanted: readonly string[],
): boolean => products === null || wanted.some((product) => products.includes(product));

/** Where an approval of a translation by this person counts. */
export const countriesOf = (
  { terms }: PracticeState,
  person: PersonId,
  cleared: ClearedPeople,
): readonly string[] =>
  (terms?.countries ?? []).filter((country) =>
    cleared.some((one) => one.id === person && one.country === country),
  );
