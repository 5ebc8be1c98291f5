/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import { pairOf, type RotationEvent, type RotationState } from './state.ts';

export function evolveRotation(
  state: RotationState,
  event: RotationEvent,
  at: Instant,
): RotationState {
  const next: RotationState = { ...state, changedAt: at };
  switch (event.type) {
    case 'started': {
      const { type: _, by, ...started } = event;
      return { ...next, ...started, status: 'running', starter: by, watchFrom: at };
    }
    case 'changed': {
      const { members, leadMinutes } = event;
      // Whose watch it was and who takes turns no longer, hands over from now on, not from then.
      const watchFrom = members.includes(state.holder) ? state.watchFrom : at;
      return { ...next, members, leadMinutes, watchFrom, warned: [], changes: state.changes + 1 };
    }
    case 'ended':
    case 'stopped':
      return { ...next, status: 'ended' };
    case 'handedOver':
      return { ...next, holder: event.to, watchFrom: Math.max(event.begins, at) };
    case 'warned':
      return { ...next, warned: [...state.warned, pairOf(event.from, event.to)] };
  }
}
