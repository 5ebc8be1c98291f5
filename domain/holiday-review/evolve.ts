import type { Instant } from '../loop.ts';
import type { HolidayReviewEvent, HolidayReviewState } from './state.ts';

export function evolveHolidayReview(
  state: HolidayReviewState,
  event: HolidayReviewEvent,
  at: Instant,
): HolidayReviewState {
  switch (event.type) {
    case 'asked': {
      const { type: _, ...asked } = event;
      return { ...state, ...asked, status: 'asked', since: at };
    }
    case 'reminded':
      return { ...state, reminders: state.reminders + 1 };
    case 'escalated':
      return { ...state, alsoAsked: event.to, since: at, reminders: 0 };
    case 'confirmed':
    case 'corrected':
    case 'settled':
    case 'lapsed':
      return { ...state, status: event.type };
  }
}
