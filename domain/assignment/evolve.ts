/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import { gatesFor, gatesOf, lapsedOf } from './signers.ts';
import type {
  AssignmentEvent,
  AssignmentState,
  Gates,
  LapsedTraining,
  Pending,
  Terms,
} from './state.ts';

const pendingOf = (number: number, terms: Terms, since: Instant): Pending => ({
  number,
  terms,
  signed: [],
  since,
  isReminded: false,
});

export function evolveAssignment(
  state: AssignmentState,
  event: AssignmentEvent,
  at: Instant,
): AssignmentState {
  const next: AssignmentState = { ...state, changedAt: at };
  const { pending } = state;
  switch (event.type) {
    case 'proposed': {
      const { type: _, terms, ...named } = event;
      return { ...next, ...named, status: 'proposed', number: 1, pending: pendingOf(1, terms, at) };
    }
    case 'changeProposed': {
      const number = state.number + 1;
      const gates = gatesFor(state, event.terms);
      const proposed = pendingOf(number, event.terms, at);
      return { ...next, number, pending: gates ? { ...proposed, gates } : proposed };
    }
    case 'signed':
      return { ...next, pending: pending && signedOf(pending, event) };
    case 'agreed': {
      const terms = pending?.terms ?? state.terms;
      const anew = event.coversAnew && { coveredUntil: 0 };
      const agreed = { ...next, ...lookedInto(pending?.gates), ...anew, terms, pending: null };
      return state.status === 'running' ? agreed : { ...agreed, status: 'agreed', agreedAt: at };
    }
    case 'signReminded':
      return { ...next, pending: pending && { ...pending, isReminded: true } };
    case 'changeDeclined':
    case 'changeLapsed':
      return { ...next, pending: null };
    case 'declined':
    case 'forbidden':
      return { ...next, status: 'declined' };
    case 'lapsed':
    case 'cancelled':
    case 'closed':
      return { ...next, status: event.type };
    case 'approved':
    case 'dutyDone':
      return opened(next, event);
    case 'coversAsked':
      return { ...next, coveredUntil: event.until };
    case 'blocked':
      return { ...next, status: 'waiting', coveredUntil: 0 };
    case 'begun':
      return { ...next, status: 'running', startedAt: at };
    case 'ended':
      return { ...next, status: 'closing', endedAt: at, pending: null, checkIn: null };
    case 'signerReplaced':
      return replaced(next, event, at);
    case 'approverReplaced':
      return { ...next, compliance: event.to, pending: waitedFor(state, at) };
    case 'trainingLapsed':
    case 'trainingRenewed':
    case 'renewalReminded':
      return { ...next, lapsedTrainings: lapsedAfter(state, event, at) };
    case 'checkInAsked':
    case 'checkInLate':
    case 'checkInAnswered':
    case 'stalled':
    case 'closingReminded':
    case 'lessonGiven':
    case 'feedbackGiven':
    case 'rated':
      return during(next, event, at);
  }
}

const signedOf = (
  pending: Pending,
  { role, by, actor = by }: Extract<AssignmentEvent, { type: 'signed' }>,
): Pending => ({
  ...pending,
  signed: [...pending.signed, role],
  signedBy: [...(pending.signedBy ?? []), actor],
});

/** Of days that are looked into anew, it counts once all three have signed them. */
function opened(
  state: AssignmentState,
  event: Extract<AssignmentEvent, { type: 'approved' | 'dutyDone' }>,
): AssignmentState {
  const { pending } = state;
  const within = (found: Partial<Gates>): AssignmentState | null =>
    pending?.gates
      ? { ...state, pending: { ...pending, gates: { ...pending.gates, ...found } } }
      : null;
  if (event.type === 'approved')
    return within({ isApproved: true }) ?? { ...state, isApproved: true };
  const done = { ...state, doneDuties: [...state.doneDuties, event.duty] };
  return event.duty === 'mobility' ? (within({ isMobilityDone: true }) ?? done) : done;
}

/** Longer days are declared and insured anew, too. */
const lookedInto = (
  gates: Gates | undefined,
): Partial<Pick<AssignmentState, 'isApproved' | 'doneDuties'>> =>
  gates === undefined
    ? {}
    : { isApproved: gates.isApproved, doneDuties: gates.isMobilityDone ? ['mobility'] : [] };

type During = Extract<
  AssignmentEvent,
  {
    type:
      | 'checkInAsked'
      | 'checkInLate'
      | 'checkInAnswered'
      | 'stalled'
      | 'closingReminded'
      | 'lessonGiven'
      | 'feedbackGiven'
      | 'rated';
  }
>;

/** While it goes on, and what is given at its end. */
function during(state: AssignmentState, event: During, at: Instant): AssignmentState {
  switch (event.type) {
    case 'checkInAsked': {
      const { number } = event;
      return { ...state, checkInsAsked: number, checkIn: { number, since: at, isLate: false } };
    }
    case 'checkInLate':
      return { ...state, checkIn: state.checkIn && { ...state.checkIn, isLate: true } };
    case 'checkInAnswered':
      return { ...state, checkIn: null };
    case 'stalled':
      return { ...state, stalledAt: at };
    case 'closingReminded':
      return { ...state, isClosingReminded: true };
    case 'lessonGiven':
      return { ...state, hasLesson: true };
    case 'feedbackGiven':
      return { ...state, feedback: [...state.feedback, event.role] };
    case 'rated':
      return { ...state, isRated: true };
  }
}

/** The dates stay, and so does what was signed for that side; whoever has yet to sign has their days anew. */
function replaced(
  state: AssignmentState,
  { role, person, to }: Extract<AssignmentEvent, { type: 'signerReplaced' }>,
  at: Instant,
): AssignmentState {
  const { pending } = state;
  const isAnew = pending?.terms[role] === person && !pending.signed.includes(role);
  const swapped = (terms: Terms): Terms =>
    terms[role] === person ? { ...terms, [role]: to } : terms;
  return {
    ...state,
    terms: state.terms && swapped(state.terms),
    pending: pending && {
      ...pending,
      terms: swapped(pending.terms),
      ...(isAnew && { since: at, isReminded: false }),
    },
  };
}

/** Nobody can sign before regulations are known to allow it: where that is still open, all have their days anew. */
const waitedFor = (state: AssignmentState, at: Instant): Pending | null =>
  state.pending === null || gatesOf(state).isApproved
    ? state.pending
    : { ...state.pending, since: at, isReminded: false };

function lapsedAfter(
  state: AssignmentState,
  {
    type,
    person,
  }: Extract<AssignmentEvent, { type: 'trainingLapsed' | 'trainingRenewed' | 'renewalReminded' }>,
  at: Instant,
): readonly LapsedTraining[] {
  const lapsed = lapsedOf(state);
  switch (type) {
    case 'trainingLapsed':
      return [...lapsed, { person, since: at, isReminded: false }];
    case 'trainingRenewed':
      return lapsed.filter((one) => one.person !== person);
    case 'renewalReminded':
      return lapsed.map((one) => (one.person === person ? { ...one, isReminded: true } : one));
  }
}
