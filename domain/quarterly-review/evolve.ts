/** What each event makes of the state. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { confirmedWithout } from './coming.ts';
import type { ReviewAction, ReviewEvent, ReviewState, Slot } from './state.ts';

type State = ReviewState;

export function evolveReview(before: State, event: ReviewEvent, at: Instant): State {
  const state: State = { ...before, changedAt: at };
  switch (event.type) {
    case 'opened': {
      const { type: _, by, slot, ...convened } = event;
      return proposed({ ...state, ...convened }, { slot, by, at });
    }
    case 'moved':
      return proposed(state, { slot: event.slot, by: event.by, hand: event.hand, at });
    case 'attending':
      return attending(state, event.by, event.hand);
    case 'confirmed':
      return { ...state, status: 'confirmed' };
    case 'attendReminded':
      return { ...state, isReminded: true };
    case 'met':
      return { ...state, status: 'following', metAt: at };
    case 'concluded':
      return { ...state, isConcluded: true };
    case 'concludeReminded':
      return { ...state, isConcludeReminded: true };
    case 'lapsed':
    case 'closed':
    case 'cancelled':
      return { ...state, status: event.type };
    case 'chairReplaced':
      return replaced(state, event.from, event.to);
    case 'excused':
      return without(state, event.person);
    case 'actionAdded': {
      const { number, owner, day, dueAt, content } = event;
      const flags = { isReminded: false, isOverdue: false, isDone: false };
      const action = { number, owner, day, dueAt, content, since: at, ...flags };
      return { ...state, actions: [...state.actions, action] };
    }
    case 'actionDone':
      return changed(state, event.number, { isDone: true });
    case 'actionReminded':
      return changed(state, event.number, { isReminded: true });
    case 'actionOverdue':
      return changed(state, event.number, { isOverdue: true });
    case 'actionPassed':
      return changed(state, event.number, { owner: event.to });
  }
}

interface Proposed {
  readonly slot: Slot;
  readonly by: PersonId | null;
  readonly hand?: PersonId | undefined;
  readonly at: Instant;
}

/** Whoever proposes a time comes then. */
function proposed(state: State, { slot, by, hand, at }: Proposed): State {
  const next: State = {
    ...state,
    status: 'proposed',
    slot,
    number: state.number + 1,
    proposedAt: at,
    confirmed: [],
    hands: {},
    isReminded: false,
  };
  return by !== null && state.participants.includes(by) ? attending(next, by, hand) : next;
}

/** Once, whoever comes for them in the end. */
function attending(state: State, by: PersonId, hand: PersonId = by): State {
  const confirmed = [...state.confirmed.filter((person) => person !== by), by];
  const isSelf = hand === by && state.hands?.[by] === undefined;
  return { ...state, confirmed, ...(!isSelf && { hands: { ...state.hands, [by]: hand } }) };
}

function replaced(state: State, from: PersonId, to: PersonId): State {
  const others = state.participants.filter((person) => person !== from && person !== to);
  const confirmed = confirmedWithout(state, from);
  return { ...state, chair: to, participants: [to, ...others], confirmed };
}

const without = (state: State, gone: PersonId): State => ({
  ...state,
  participants: state.participants.filter((person) => person !== gone),
  confirmed: confirmedWithout(state, gone),
});

const changed = (state: State, number: number, now: Partial<ReviewAction>): State => ({
  ...state,
  actions: state.actions.map((action) =>
    action.number === number ? { ...action, ...now } : action,
  ),
});
