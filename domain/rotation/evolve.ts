/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import { type Outcome, pairOf, type RotationEvent, type RotationState } from './state.ts';

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
      const anew = { warned: [], changes: state.changes + 1, elsewhere: 0 };
      return { ...next, members, leadMinutes, watchFrom, ...anew };
    }
    case 'ended':
    case 'stopped':
      return { ...next, status: 'ended' };
    case 'handedOver':
      return {
        ...next,
        holder: event.to,
        watchFrom: Math.max(event.begins, at),
        elsewhere: elsewhereAfter(state, event.outcome),
      };
    case 'warned':
      return { ...next, warned: [...state.warned, pairOf(event.from, event.to)] };
  }
}

/** An open handoff may go either way: it neither counts nor ends the count. */
function elsewhereAfter({ elsewhere = 0 }: RotationState, outcome: Outcome): number {
  if (outcome === 'in_handoff') return elsewhere;
  return outcome === 'elsewhere' ? elsewhere + 1 : 0;
}
