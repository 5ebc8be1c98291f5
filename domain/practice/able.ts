/** Who could do what is asked about a practice, by the clearances of now. Its author never can. */
import type { PersonId } from '../id.ts';
import { dutyKey, reviewKey, translationKey } from './asks.ts';
import type { Cleared, PracticeState } from './state.ts';

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

function clearedFor(state: PracticeState, key: string, cleared: ClearedPeople): ClearedPeople {
  const review = state.reviews.find((one) => reviewKey(one) === key);
  if (review) {
    const { kind, country, product } = review;
    return cleared.filter(
      (one) => one.kind === kind && one.country === country && isTrained(one, [product]),
    );
  }
  const translation = state.translations.find((one) => translationKey(one) === key);
  if (translation) {
    const { locale, proposer } = translation;
    return cleared.filter(({ id, locales }) => id !== proposer && locales.includes(locale));
  }
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
