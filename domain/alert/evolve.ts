/** What each event makes of the state. */
import type { Instant } from '../loop.ts';
import type { AlertEvent, AlertState, Call } from './state.ts';

export function evolveAlert(state: AlertState, event: AlertEvent, at: Instant): AlertState {
  const next: AlertState = { ...state, changedAt: at };
  switch (event.type) {
    case 'raised': {
      const { type: _, by, ...raised } = event;
      return { ...next, ...raised, status: 'calling', raiser: by, since: at };
    }
    case 'called': {
      const { to: person, reason, isOutside, round } = event;
      const call: Call = { person, reason, isOutside, at, round };
      return { ...next, calls: [...state.calls, call] };
    }
    case 'unanswered':
      return { ...next, status: 'unanswered', calls: withManager(state, event, at) };
    case 'followed': {
      const { to: person, reason, isOutside } = event;
      const round = state.calls.at(-1)?.round ?? 1;
      return { ...next, calls: [...state.calls, { person, reason, isOutside, at, round }] };
    }
    case 'acknowledged':
      return { ...next, status: 'acknowledged', acknowledgedBy: event.by };
    case 'resolved':
    case 'withdrawn':
      return { ...next, status: event.type };
  }
}

/** Who stands for it at last is among those who may take it. */
function withManager(
  { calls }: AlertState,
  { to, isOutside = false }: Extract<AlertEvent, { type: 'unanswered' }>,
  at: Instant,
): readonly Call[] {
  if (calls.some(({ person }) => person === to)) return calls;
  const round = calls.at(-1)?.round ?? 1;
  return [...calls, { person: to, reason: 'region_manager', isOutside, at, round }];
}
