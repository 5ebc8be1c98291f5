/** The order of a holiday review's steps, and who may take them. */
import { assert } from '../assert.ts';
import { accept, partyOf, refuse, type Command, type Decision, type LoopRules } from '../loop.ts';
import { evolveHolidayReview } from './evolve.ts';
import {
  initialHolidayReview,
  reminderPercents,
  type ClockCommand,
  type HolidayReviewCommand,
  type HolidayReviewEvent,
  type HolidayReviewState,
} from './state.ts';

type Step = Decision<HolidayReviewEvent>;

export const holidayReviewRules: LoopRules<
  HolidayReviewState,
  HolidayReviewCommand,
  HolidayReviewEvent
> = {
  loop: 'holidayReview',
  version: 1,
  initial: initialHolidayReview,
  decide: (state, command) => decide(state, command),
  evolve: evolveHolidayReview,
  isClosed: ({ status }) => status !== 'new' && status !== 'asked',
};

function decide(state: HolidayReviewState, command: HolidayReviewCommand): Step {
  if (command.type === 'ask') {
    if (state.status !== 'new') return refuse('loop.already_open');
    const { type: _, ...asked } = command;
    assert(asked.allowanceMinutes > 0, 'an allowance is working time');
    return accept({ type: 'asked', ...asked });
  }
  if (state.status === 'new') return refuse('loop.not_open');
  if (holidayReviewRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'confirm':
      return byReviewer(state, command, { type: 'confirmed', by: partyOf(command) });
    case 'correct': {
      const { movedTo } = command;
      if (movedTo === state.day) return refuse('holiday.same_day');
      return byReviewer(state, command, { type: 'corrected', by: partyOf(command), movedTo });
    }
    case 'remind':
    case 'escalate':
    case 'lapse':
    case 'settle':
      return tick(state, command);
  }
}

function byReviewer(state: HolidayReviewState, command: Command, event: HolidayReviewEvent): Step {
  const party = partyOf(command);
  const isAsked = party === state.reviewer || party === state.alsoAsked;
  return isAsked ? accept(event) : refuse('holiday.not_reviewer');
}

function tick(state: HolidayReviewState, command: ClockCommand): Step {
  switch (command.type) {
    case 'remind': {
      const isNext = reminderPercents[state.reminders] === command.percent;
      const { percent } = command;
      return isNext && isWaiting(state, command)
        ? accept({ type: 'reminded', percent })
        : refuse('loop.stale_plan');
    }
    case 'escalate':
      return state.alsoAsked === null && isWaiting(state, command)
        ? accept({ type: 'escalated', to: command.to })
        : refuse('loop.stale_plan');
    case 'lapse':
      return accept({ type: 'lapsed' });
    case 'settle':
      return accept({ type: 'settled' });
  }
}

const isWaiting = (state: HolidayReviewState, { since }: { readonly since: number }): boolean =>
  state.since === since;
