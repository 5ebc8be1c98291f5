/** What is asked of people about a practice: each with a key, which also names its task. */
import type { PersonId } from '../id.ts';
import type { Ask, AskKey, Duty, PracticeState, Review, Translation } from './state.ts';

export const reviewKey = ({
  kind,
  country,
  product,
}: Pick<Review, 'kind' | 'country' | 'product'>): AskKey => `${kind}_review/${country}/${product}`;
/** The other of the two of a pair. */
export const otherOf = (reviews: readonly Review[], mine: Review): Review | undefined =>
  reviews.find(
    (one) => one.kind !== mine.kind && one.country === mine.country && one.product === mine.product,
  );
/** A machine's is first made somebody's own; what people propose, another approves. */
export const translationKey = ({
  locale,
  status,
}: Pick<Translation, 'locale' | 'status'>): AskKey =>
  `${status === 'machine' ? 'check_translation' : 'approve_translation'}/${locale}`;
export const dutyKey = ({ country }: Pick<Duty, 'country'>): AskKey => `verify/${country}`;

export const nobodyAsked = (at: number): Ask => ({
  person: null,
  since: at,
  reminders: 0,
  passed: [],
  isEscalated: false,
  steward: null,
});

export interface OpenAsk {
  readonly key: AskKey;
  readonly ask: Ask;
  readonly allowance: 'review' | 'translation' | 'verification';
  /** Of the region that hears when nobody answers; null: of the first. */
  readonly country: string | null;
}

/** Everything that waits for somebody, or for somebody to be found. */
export function openAsks({
  status,
  reviews,
  translations,
  duties,
}: PracticeState): readonly OpenAsk[] {
  if (status !== 'open') return [];
  return [
    ...reviews.flatMap((review): OpenAsk[] => {
      const { ask, country } = review;
      return ask === null ? [] : [{ key: reviewKey(review), ask, allowance: 'review', country }];
    }),
    ...translations.flatMap((translation): OpenAsk[] => {
      const { ask } = translation;
      const key = translationKey(translation);
      return ask === null ? [] : [{ key, ask, allowance: 'translation', country: null }];
    }),
    ...duties.flatMap((duty): OpenAsk[] => {
      const { ask, country } = duty;
      return ask === null ? [] : [{ key: dutyKey(duty), ask, allowance: 'verification', country }];
    }),
  ];
}

/** Everyone whom something is asked of, or who was told that nobody does it. */
export const askedPeople = ({ ask }: { readonly ask: Ask | null }): readonly PersonId[] =>
  ask === null ? [] : [ask.person, ask.steward].filter((id) => id !== null);

/** The same state with one ask changed. */
export function withAsk(
  state: PracticeState,
  key: string,
  change: (ask: Ask) => Ask,
): PracticeState {
  const changed = <T extends { readonly ask: Ask | null }>(one: T, its: string): T =>
    its === key && one.ask !== null ? { ...one, ask: change(one.ask) } : one;
  return {
    ...state,
    reviews: state.reviews.map((one) => changed(one, reviewKey(one))),
    translations: state.translations.map((one) => changed(one, translationKey(one))),
    duties: state.duties.map((one) => changed(one, dutyKey(one))),
  };
}
