/** Who could do what is asked about a practice, by the clearances of now. Its author never can. */
import type { PersonId } from '../id.ts';
import { dutyKey, otherOf, reviewKey, translationKey } from './asks.ts';
import type { Cleared, PracticeState, Terms, Translation } from './state.ts';

type ClearedPeople = readonly Cleared[];

interface OfProducts {
  readonly terms: Pick<Terms, 'products'> | null;
}

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
  state: Pick<PracticeState, 'author'> & OfProducts,
  translation: Pick<Translation, 'locale' | 'proposer'>,
  cleared: ClearedPeople,
): readonly PersonId[] => [
  ...new Set(
    clearedForText(state, translation, cleared).flatMap(({ id }) =>
      id === state.author ? [] : [id],
    ),
  ),
];

/** A text speaks of every product of the practice: whoever answers for it knows them all. */
const clearedForText = (
  { terms }: OfProducts,
  { locale, proposer }: Pick<Translation, 'locale' | 'proposer'>,
  cleared: ClearedPeople,
): ClearedPeople =>
  cleared.filter(
    (one) =>
      one.id !== proposer && one.locales.includes(locale) && isTrained(one, terms?.products ?? []),
  );

function clearedFor(state: PracticeState, key: string, cleared: ClearedPeople): ClearedPeople {
  const review = state.reviews.find((one) => reviewKey(one) === key);
  if (review) {
    const { kind, country, product } = review;
    const other = otherOf(state.reviews, review);
    // Two readings are of two people, whatever offices one of them holds.
    const has = other?.status === 'approved' ? other.by : null;
    return cleared.filter(
      (one) =>
        one.kind === kind && one.country === country && one.id !== has && isTrained(one, [product]),
    );
  }
  // One that is in force has nobody to be asked for it, and may lie beside one that waits.
  const translation = state.translations.find(
    (one) => one.ask !== null && translationKey(one) === key,
  );
  if (translation) return clearedForText(state, translation, cleared);
  const duty = state.duties.find((one) => dutyKey(one) === key);
  if (!duty) return [];
  const products = state.terms?.products ?? [];
  return cleared.filter(
    (one) => one.kind === 'clinical' && one.country === duty.country && isTrained(one, products),
  );
}

/** For each of them: who knows one product says nothing of another. */
export const isTrained = (
  { products }: Pick<Cleared, 'products'>,
  wanted: readonly string[],
): boolean => products === null || wanted.every((product) => products.includes(product));

/** Where an approval of a translation by this person counts. */
export const countriesOf = (
  { terms }: { readonly terms: Pick<Terms, 'countries' | 'products'> | null },
  person: PersonId,
  cleared: ClearedPeople,
): readonly string[] =>
  (terms?.countries ?? []).filter((country) =>
    cleared.some(
      (one) =>
        one.id === person && one.country === country && isTrained(one, terms?.products ?? []),
    ),
  );
