/** The order of a finding's steps, and who may take them. */
import { assert } from '../assert.ts';
import { accept, type Decision, type Instant, type LoopRules, partyOf, refuse } from '../loop.ts';
import { evolveOutlook } from './evolve.ts';
import {
  acceptedDaysMax,
  type ClockCommand,
  escalationsMax,
  initialOutlook,
  type OutlookCommand,
  type OutlookEvent,
  type OutlookState,
  reminderPercents,
} from './state.ts';

type Step = Decision<OutlookEvent>;
type Acknowledge = Extract<OutlookCommand, { readonly type: 'acknowledge' }>;

const acceptedMsMax = acceptedDaysMax * 86_400_000;

export const outlookRules: LoopRules<OutlookState, OutlookCommand, OutlookEvent> = {
  loop: 'outlook',
  version: 1,
  initial: initialOutlook,
  decide,
  evolve: evolveOutlook,
  isClosed: ({ status }) => status === 'settled',
};

function decide(state: OutlookState, command: OutlookCommand, at: Instant): Step {
  if (command.type === 'open') {
    if (state.status !== 'new') return refuse('loop.already_open');
    const { type: _, ...finding } = command;
    assert(finding.allowanceMinutes > 0, 'an allowance is working time');
    return accept({ type: 'opened', ...finding });
  }
  if (state.status === 'new') return refuse('loop.not_open');
  if (outlookRules.isClosed(state)) return refuse('loop.closed');
  return command.type === 'acknowledge' ? acknowledge(state, command, at) : tick(state, command);
}

function acknowledge(state: OutlookState, command: Acknowledge, at: Instant): Step {
  const by = partyOf(command);
  const { until, reason } = command;
  if (by !== state.waitsFor) return refuse('outlook.not_asked');
  if (state.status === 'accepted') return refuse('outlook.already_accepted');
  if (until <= at || until > at + acceptedMsMax) {
    return refuse('outlook.accepted_until', { days: acceptedDaysMax });
  }
  return accept({ type: 'acknowledged', by, until, reason });
}

function tick(state: OutlookState, command: ClockCommand): Step {
  switch (command.type) {
    case 'remind': {
      const { percent, since } = command;
      const isNext = reminderPercents[state.reminders] === percent;
      return isNext && isWaiting(state, since)
        ? accept({ type: 'reminded', percent })
        : refuse('loop.stale_plan');
    }
    case 'escalate': {
      const { waitsFor: from, escalations } = state;
      return escalations < escalationsMax && isWaiting(state, command.since)
        ? accept({ type: 'escalated', from, to: command.to })
        : refuse('loop.stale_plan');
    }
    case 'askAgain':
      return state.status === 'accepted' && state.since === command.since
        ? accept({ type: 'askedAgain' })
        : refuse('loop.stale_plan');
    case 'observe':
      return observe(state, command);
    case 'settle':
      return accept({ type: 'settled' });
  }
}

function observe(
  state: OutlookState,
  { severity, from, until, asked }: Extract<ClockCommand, { readonly type: 'observe' }>,
): Step {
  const observed = { type: 'observed', severity, from, until, asked } as const;
  return asked === state.asked
    ? accept(observed)
    : accept<OutlookEvent>(observed, { type: 'reassigned', to: asked });
}

const isWaiting = ({ status, since }: OutlookState, asked: Instant): boolean =>
  status === 'open' && since === asked;
