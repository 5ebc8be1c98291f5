/** Who comes to a review that has not met, and whom it still waits for. */
import type { PersonId } from '../id.ts';
import { quorum, type ReviewState } from './state.ts';

type State = Pick<ReviewState, 'participants' | 'confirmed' | 'hands'>;

/** Who comes for somebody: themselves, unless another has said so for them. */
export const handOf = ({ hands }: Pick<State, 'hands'>, person: PersonId): PersonId =>
  hands?.[person] ?? person;

/** Enough to meet: two people, whomever they come for, or all where fewer take part. */
export const isQuorate = (state: State): boolean =>
  new Set(state.confirmed.map((person) => handOf(state, person))).size >=
  Math.min(quorum, state.participants.length);

/** Who has not said that they come; where one alone comes for all, whoever is not there themselves. */
export function awaited(state: State): readonly PersonId[] {
  const { participants, confirmed } = state;
  const unsaid = participants.filter((person) => !confirmed.includes(person));
  return unsaid.length > 0 || isQuorate(state)
    ? unsaid
    : participants.filter((person) => handOf(state, person) !== person);
}

/** Whoever has left comes for nobody, who is asked again. */
export const confirmedWithout = (state: State, gone: PersonId): readonly PersonId[] =>
  state.confirmed.filter((person) => person !== gone && handOf(state, person) !== gone);
