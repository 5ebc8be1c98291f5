/** What each event makes of the state. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { isMissing, isOther, roleOf } from './roles.ts';
import {
  type Looking,
  type Need,
  needs,
  type Pending,
  type PlanEvent,
  type PlanState,
  type PlanTerms,
} from './state.ts';

type State = PlanState;

export function evolvePlan(before: State, event: PlanEvent, at: Instant): State {
  const state: State = { ...before, changedAt: at };
  switch (event.type) {
    case 'started': {
      const { by, subject, manager, version, terms } = event;
      const people = { ...moved(state, at), subject, manager, version, number: 1 };
      return {
        ...people,
        status: 'proposed',
        pending: pendingOf(people, { by, hand: event.hand, terms, at }),
      };
    }
    case 'changeProposed': {
      const next = { ...moved(state, at), number: state.number + 1 };
      const { by, hand, terms } = event;
      return { ...next, pending: pendingOf(next, { by, hand, terms, at }) };
    }
    case 'consented': {
      const pending = state.pending && {
        ...state.pending,
        agreed: [...state.pending.agreed, event.role],
        hands: { ...state.pending.hands, [event.role]: event.hand ?? event.by },
      };
      return { ...moved(state, at), pending };
    }
    case 'agreed':
      return agreed(state, at);
    case 'agreeReminded':
      return { ...state, pending: state.pending && { ...state.pending, isReminded: true } };
    case 'changeRefused':
      return { ...moved(state, at), pending: null };
    case 'changeLapsed':
      return { ...state, pending: null };
    case 'refused':
    case 'cancelled':
      return { ...state, status: 'cancelled' };
    case 'lapsed':
    case 'closed':
      return { ...state, status: event.type };
    case 'managerReplaced':
      return replaced(state, event.to, at);
    case 'coachGone':
      return withoutCoach(state, event.coach);
    case 'linked':
    case 'fulfilled':
    case 'reopened':
    case 'needReminded':
    case 'reviewAsked':
    case 'reviewLate':
    case 'reviewed':
    case 'coached':
    case 'coachReminded':
    case 'stalled':
    case 'ended':
    case 'closeReminded':
      return during(state, event, at);
  }
}

/** Something has happened in it: it does not stand still any more. */
const moved = (state: State, at: Instant): State => ({ ...state, movedAt: at, stalledAt: null });

interface Proposed {
  readonly by: PersonId;
  readonly hand: PersonId | undefined;
  readonly terms: PlanTerms;
  readonly at: Instant;
}

/** Whoever of the two proposes it has agreed with that; not where the other does it for them. */
function pendingOf(state: State, { by, hand = by, terms, at }: Proposed): Pending {
  const role = roleOf(state, by);
  const of = role === null || isOther({ ...state, pending: null }, role, hand) ? [] : [role];
  const hands = Object.fromEntries(of.map((one) => [one, hand]));
  return { number: state.number, terms, agreed: of, hands, since: at, isReminded: false };
}

function agreed(state: State, at: Instant): State {
  const terms = state.pending?.terms ?? state.terms;
  const next: State = { ...moved(state, at), terms, pending: null };
  if (state.status !== 'proposed') return next;
  return lookedFor({ ...next, status: 'running', agreedAt: at, reviewedAt: at }, at);
}

/** Looked for from now on where it is missing; since when, where it has been all along. */
function lookedFor(state: State, at: Instant): State {
  const of = (need: Need): Looking | null =>
    isMissing(state, need) ? (state.looking[need] ?? { since: at, isReminded: false }) : null;
  const [formal, onTheJob] = needs.map(of);
  return { ...state, looking: { formal: formal ?? null, onTheJob: onTheJob ?? null } };
}

/**
 * Whose place is taken has agreed in vain: whoever follows reads it themselves, with all the days there
 * are for it. What they agreed to for the person, the person now agrees to.
 */
function replaced(state: State, to: PersonId, at: Instant): State {
  const { hands = {}, agreed = [] } = state.pending ?? {};
  const kept = agreed.filter((role) => role !== 'manager' && hands[role] !== to);
  const pending = state.pending && {
    ...state.pending,
    agreed: kept,
    hands: Object.fromEntries(kept.map((role) => [role, hands[role]])),
    since: at,
    isReminded: false,
  };
  return { ...state, manager: to, pending };
}

function withoutCoach(state: State, gone: PersonId): State {
  const without = (terms: PlanTerms): PlanTerms =>
    terms.coach === gone ? { ...terms, coach: null } : terms;
  const isOurs = state.terms?.coach === gone;
  return {
    ...state,
    terms: state.terms && without(state.terms),
    pending: state.pending && { ...state.pending, terms: without(state.pending.terms) },
    coachAsked: isOurs ? null : state.coachAsked,
  };
}

type During = Extract<
  PlanEvent,
  {
    type:
      | 'linked'
      | 'fulfilled'
      | 'reopened'
      | 'needReminded'
      | 'reviewAsked'
      | 'reviewLate'
      | 'reviewed'
      | 'coached'
      | 'coachReminded'
      | 'stalled'
      | 'ended'
      | 'closeReminded';
  }
>;

/** While it goes on, and what is asked for on the way. */
function during(state: State, event: During, at: Instant): State {
  switch (event.type) {
    case 'linked': {
      const { need, loop } = event;
      const links = [...state.links, { need, loop, isDone: false }];
      const next = { ...moved(state, at), links };
      return state.status === 'proposed' ? next : lookedFor(next, at);
    }
    case 'fulfilled': {
      const links = state.links.map((link) =>
        link.loop === event.loop ? { ...link, isDone: true } : link,
      );
      return { ...moved(state, at), links };
    }
    case 'reopened': {
      const links = state.links.filter(({ loop }) => loop !== event.loop);
      // Whoever looks for it has just been told: the days without a step begin anew.
      const next = { ...moved(state, at), links };
      return state.status === 'proposed' ? next : lookedFor(next, at);
    }
    case 'needReminded': {
      const looking = state.looking[event.need];
      const reminded = looking && { ...looking, isReminded: true };
      return { ...state, looking: { ...state.looking, [event.need]: reminded } };
    }
    case 'reviewAsked': {
      const { number } = event;
      const review = { number, since: at, isLate: false };
      return { ...state, reviewsAsked: number, reviewedAt: at, review };
    }
    case 'reviewLate': {
      const review = state.review && { ...state.review, isLate: true };
      return withCoachAsked({ ...state, review }, event.number, at);
    }
    case 'reviewed': {
      const next = { ...moved(state, at), review: null };
      return state.review?.isLate ? next : withCoachAsked(next, event.number, at);
    }
    case 'coached':
      return { ...moved(state, at), coachAsked: null };
    case 'coachReminded': {
      const coachAsked = state.coachAsked && { ...state.coachAsked, isReminded: true };
      return { ...state, coachAsked };
    }
    case 'stalled':
      return { ...state, stalledAt: at };
    case 'ended': {
      const over = { review: null, coachAsked: null, pending: null, stalledAt: null };
      return { ...state, ...over, status: 'closing', endedAt: at };
    }
    case 'closeReminded':
      return { ...state, closeReminders: state.closeReminders + 1 };
  }
}

const withCoachAsked = (state: State, number: number, at: Instant): State =>
  state.terms?.coach === null
    ? state
    : { ...state, coachAsked: { number, since: at, isReminded: false } };
