/** Who is who in an assignment, by its terms. */
import type { PersonId } from '../id.ts';
import {
  type AssignmentState,
  type Gates,
  type LapsedTraining,
  type SignerRole,
  signerRoles,
  type Terms,
} from './state.ts';

/** Those in force, or those that are proposed first. */
export const termsOf = ({ terms, pending }: AssignmentState): Terms | null =>
  terms ?? pending?.terms ?? null;

export const signerOf = (
  { participant }: Pick<AssignmentState, 'participant'>,
  terms: Terms,
  role: SignerRole,
): PersonId => (role === 'participant' ? participant : terms[role]);

/** For which side somebody signs these terms; null for everybody else. */
export const roleOf = (
  state: Pick<AssignmentState, 'participant'>,
  terms: Terms,
  person: PersonId,
): SignerRole | null => signerRoles.find((role) => signerOf(state, terms, role) === person) ?? null;

/** The three of the terms in force or, before there are any, of those proposed. */
export function signersOf(state: AssignmentState): readonly PersonId[] {
  const terms = termsOf(state);
  return terms === null ? [] : signerRoles.map((role) => signerOf(state, terms, role));
}

/** All three of what is proposed, whether they have signed or not. */
export const askedToSign = (state: AssignmentState): readonly PersonId[] => {
  const { pending } = state;
  return pending === null ? [] : signerRoles.map((role) => signerOf(state, pending.terms, role));
};

/** Who has yet to sign what is proposed. */
export function unsignedBy(state: AssignmentState): readonly PersonId[] {
  const { pending } = state;
  if (pending === null) return [];
  return signerRoles
    .filter((role) => !pending.signed.includes(role))
    .map((role) => signerOf(state, pending.terms, role));
}

/** Of what is signed next: whether days of stay and regulations are looked into. */
export const gatesOf = ({ pending, doneDuties, isApproved }: AssignmentState): Gates =>
  pending?.gates ?? { isMobilityDone: doneDuties.includes('mobility'), isApproved };

/** Days that nobody has looked into are looked into anew; those within them are not. */
export function gatesFor(state: AssignmentState, terms: Terms): Gates | undefined {
  const { pending } = state;
  if (state.terms !== null && isWithin(terms, state.terms)) return undefined;
  if (pending !== null && isWithin(terms, pending.terms)) return pending.gates;
  return { isMobilityDone: false, isApproved: false };
}

const isWithin = (terms: Terms, looked: Terms): boolean =>
  terms.firstDay >= looked.firstDay && terms.lastDay <= looked.lastDay;

/** Of those who sign now: whose training has ended while it runs. */
export function lapsedOf(state: AssignmentState): readonly LapsedTraining[] {
  const signers = signersOf(state);
  return (state.lapsedTrainings ?? []).filter(({ person }) => signers.includes(person));
}
