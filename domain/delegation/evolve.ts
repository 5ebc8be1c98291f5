/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import type { DelegationEvent, DelegationState } from './state.ts';

export function evolveDelegation(
  state: DelegationState,
  event: DelegationEvent,
  at: Instant,
): DelegationState {
  switch (event.type) {
    case 'given': {
      const { type: _, ...given } = event;
      return { ...state, ...given, status: 'planned', since: at };
    }
    case 'begun':
      return { ...state, status: 'running' };
    case 'ended':
      return { ...state, status: 'ended', ending: event.ending };
  }
}
