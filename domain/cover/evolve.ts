/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import type { CoverEvent, CoverState } from './state.ts';

export function evolveCover(state: CoverState, event: CoverEvent, at: Instant): CoverState {
  const next: CoverState = { ...state, changedAt: at };
  switch (event.type) {
    case 'requested': {
      const { type: _, ...asked } = event;
      return { ...next, ...asked, status: 'asked', since: at };
    }
    case 'refused':
      return { ...next, refused: [...state.refused, event.by] };
    case 'taken':
      return { ...next, status: 'taken', taker: event.by };
    case 'reminded':
      return { ...next, isReminded: true };
    case 'escalated':
      return { ...next, isEscalated: true, manager: event.to };
    case 'replaced':
      if (state.status === 'running') return { ...next, taker: event.to };
      return {
        ...next,
        // Whoever is asked again has as long as whoever is asked first.
        since: event.isAway ? at : state.since,
        status: 'asked',
        taker: null,
        refused: [...state.refused, event.person],
      };
    case 'begun':
      return { ...next, status: 'running', taker: event.to };
    case 'handedBack':
      return { ...next, handBack: event.content };
    case 'handBackReminded':
      return { ...next, isHandBackReminded: true };
    case 'returned':
    case 'withdrawn':
    case 'overtaken':
    case 'accountClosed':
      return { ...next, status: event.type };
  }
}
