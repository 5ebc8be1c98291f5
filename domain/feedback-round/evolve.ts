/** What each event makes of the state. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { ratersOf } from './raters.ts';
import type { Rater, RoundEvent, RoundState } from './state.ts';

export function evolveRound(state: RoundState, event: RoundEvent, at: Instant): RoundState {
  const next: RoundState = { ...state, changedAt: at };
  switch (event.type) {
    case 'started': {
      const { by: starter, subject, manager, closesAt } = event;
      return { ...next, starter, subject, manager, closesAt, status: 'nominating', since: at };
    }
    case 'nominated':
      return { ...reviewed(next, at), nominees: event.nominees };
    case 'nominationLapsed':
      return reviewed(next, at);
    case 'reminded':
      return { ...next, isReminded: true };
    case 'released': {
      const { nominees } = event;
      return { ...next, status: 'open', nominees, raters: ratersOf({ ...state, nominees }) };
    }
    case 'asked':
      return changed(next, event.by, { status: 'asked', askedAt: at });
    case 'raterReminded':
      return changed(next, event.by, { isReminded: true });
    case 'answered':
    case 'declined':
      return changed(next, event.by, { status: event.type });
    case 'passedOn':
      return { ...next, manager: event.to, since: at, isReminded: false };
    case 'closed':
    case 'cancelled':
      return { ...next, status: event.type };
  }
}

const reviewed = (state: RoundState, at: Instant): RoundState => ({
  ...state,
  status: 'reviewing',
  since: at,
  isReminded: false,
});

const changed = (state: RoundState, person: PersonId, now: Partial<Rater>): RoundState => ({
  ...state,
  raters: state.raters.map((rater) => (rater.person === person ? { ...rater, ...now } : rater)),
});
