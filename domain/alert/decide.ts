/** The order of an alert's steps, and who of those called may take it. */
import { assert } from '../assert.ts';
import { accept, partyOf, refuse, type Decision, type Instant, type LoopRules } from '../loop.ts';
import { evolveAlert } from './evolve.ts';
import {
  answerMinutesMax,
  closedStatuses,
  initialAlert,
  roundsMax,
  type AlertCommand,
  type AlertEvent,
  type AlertState,
  type ClockCommand,
} from './state.ts';

type Step = Decision<AlertEvent>;

export const alertRules: LoopRules<AlertState, AlertCommand, AlertEvent> = {
  loop: 'alert',
  version: 1,
  initial: initialAlert,
  decide: decideAlert,
  evolve: evolveAlert,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

function decideAlert(state: AlertState, command: AlertCommand, at: Instant): Step {
  if (command.type === 'raise') return raise(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (alertRules.isClosed(state)) {
    const { acknowledgedBy: person } = state;
    return person !== null && command.type === 'acknowledge'
      ? refuse('alert.acknowledged', { person })
      : refuse('loop.closed');
  }
  switch (command.type) {
    case 'acknowledge': {
      const by = partyOf(command);
      return calledOf(state).includes(by)
        ? accept({ type: 'acknowledged', by })
        : refuse('alert.not_called');
    }
    case 'withdraw':
      return accept({ type: 'withdrawn', by: partyOf(command) });
    case 'call':
    case 'giveUp':
    case 'follow':
    case 'resolve':
      return tick(state, command);
  }
}

type Of<Type extends AlertCommand['type']> = Extract<AlertCommand, { type: Type }>;

function raise(state: AlertState, command: Of<'raise'>, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { account, owner, text, item, dueAt, answerMinutes } = command;
  if (dueAt <= at) return refuse('alert.due_past');
  assert(answerMinutes > 0 && answerMinutes <= answerMinutesMax, 'minutes to answer');
  const raised = { account, owner, text, item, dueAt, answerMinutes };
  return accept({ type: 'raised', by: partyOf(command), ...raised });
}

/** Whoever was called may take it, also once the next has been. */
export const calledOf = ({ calls }: Pick<AlertState, 'calls'>) => [
  ...new Set(calls.map(({ person }) => person)),
];

function tick(state: AlertState, command: ClockCommand): Step {
  switch (command.type) {
    case 'call': {
      if (state.status !== 'calling' || command.calls !== state.calls.length) return stale;
      const { to, reason, isOutside, round } = command;
      assert(round <= roundsMax, `at most ${roundsMax} rounds`);
      return accept({ type: 'called', to, reason, isOutside, round });
    }
    case 'giveUp': {
      if (state.status !== 'calling' || command.calls !== state.calls.length) return stale;
      const { to, isOutside = false } = command;
      return accept({ type: 'unanswered', to, isOutside });
    }
    case 'follow': {
      if (state.status !== 'unanswered' || command.calls !== state.calls.length) return stale;
      const { to, reason, isOutside } = command;
      return accept({ type: 'followed', to, reason, isOutside });
    }
    case 'resolve':
      return accept({ type: 'resolved' });
  }
}

const stale: Step = refuse('loop.stale_plan');
