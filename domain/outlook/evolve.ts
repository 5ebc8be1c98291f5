import type { Instant } from '../loop.ts';
import type { OutlookEvent, OutlookState } from './state.ts';

export function evolveOutlook(state: OutlookState, event: OutlookEvent, at: Instant): OutlookState {
  switch (event.type) {
    case 'opened': {
      const { type: _, ...finding } = event;
      return { ...state, ...finding, status: 'open', waitsFor: finding.asked, since: at };
    }
    case 'acknowledged': {
      const { until, reason } = event;
      return { ...state, status: 'accepted', acceptedUntil: until, reason, since: at };
    }
    case 'reminded':
      return { ...state, reminders: state.reminders + 1 };
    case 'escalated':
      return waiting(state, { waitsFor: event.to, escalations: state.escalations + 1 }, at);
    case 'askedAgain':
      return waiting(state, { waitsFor: state.asked, escalations: 0 }, at);
    case 'observed': {
      const { type: _, ...observed } = event;
      return { ...state, ...observed };
    }
    // What the one before accepted stays accepted: whoever comes finds it in the outlook.
    case 'reassigned':
      return state.status === 'accepted'
        ? { ...state, waitsFor: event.to }
        : waiting(state, { waitsFor: event.to, escalations: 0 }, at);
    case 'settled':
      return { ...state, status: 'settled' };
  }
}

type Asked = Pick<OutlookState, 'waitsFor' | 'escalations'>;

const waiting = (state: OutlookState, asked: Asked, since: Instant): OutlookState => ({
  ...state,
  ...asked,
  status: 'open',
  since,
  reminders: 0,
  acceptedUntil: null,
  reason: null,
});
