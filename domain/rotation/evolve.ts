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
      const anew = { warned: [], changes: state.changes + 1, elsewhere: 0, isEmptied: false };
      return { ...next, members, leadMinutes, watchFrom, ...anew };
    }
    case 'ended':
    case 'stopped':
      return { ...next, status: 'ended' };
    case 'emptied': {
      const { owner } = event;
      const isOutside = owner !== null && !state.members.includes(owner);
      return { ...next, isEmptied: true, outsider: isOutside ? owner : null };
    }
    case 'handedOver':
      return {
        ...next,
        holder: event.to,
        watchFrom: Math.max(event.begins, at),
        ...waitingAfter(state, event),
      };
    case 'warned':
      return { ...next, warned: [...state.warned, pairOf(event.from, event.to)] };
  }
}

type Waiting = Pick<RotationState, 'elsewhere' | 'outsider'>;

/** An open handoff may go either way: it neither counts nor ends the count. */
function waitingAfter(
  { elsewhere = 0, outsider = null }: RotationState,
  { outcome, giver }: Extract<RotationEvent, { type: 'handedOver' }>,
): Waiting {
  if (outcome === 'in_handoff') return { elsewhere, outsider };
  if (outcome !== 'elsewhere') return { elsewhere: 0, outsider: null };
  return { elsewhere: giver === outsider ? elsewhere + 1 : 1, outsider: giver };
}
