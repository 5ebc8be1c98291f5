/** The order of a review's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import { accept, partyOf, refuse, type Decision, type Instant, type LoopRules } from '../loop.ts';
import { handOf, isQuorate } from './coming.ts';
import { evolveReview } from './evolve.ts';
import {
  actionDaysMax,
  actionsMax,
  type ClockCommand,
  closedStatuses,
  initialReview,
  isAhead,
  movesMax,
  participantsMax,
  type ReviewAction,
  type ReviewCommand,
  type ReviewEvent,
  type ReviewState,
} from './state.ts';

type Step = Decision<ReviewEvent>;
type State = ReviewState;
type Of<Type extends ReviewCommand['type']> = Extract<ReviewCommand, { readonly type: Type }>;

const dayMs = 86_400_000;

export const reviewRules: LoopRules<State, ReviewCommand, ReviewEvent> = {
  loop: 'quarterlyReview',
  version: 1,
  initial: initialReview,
  decide: decideReview,
  evolve: evolveReview,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

const stale: Step = refuse('loop.stale_plan');

function decideReview(state: State, command: ReviewCommand, at: Instant): Step {
  if (command.type === 'open') return open(state, command);
  if (state.status === 'new') return refuse('loop.not_open');
  if (reviewRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'confirm':
      return confirm(state, command, at);
    case 'move':
      return move(state, command, at);
    case 'addAction':
      return addAction(state, command, at);
    case 'finishAction':
      return finishAction(state, command);
    case 'conclude':
      return conclude(state, command);
    case 'cancel':
      if (state.status === 'following') return refuse('quarter.has_met');
      return accept({ type: 'cancelled', by: partyOf(command) });
    case 'remindAttend':
    case 'meet':
    case 'proposeAnew':
    case 'lapse':
    case 'remindConclude':
    case 'remindAction':
    case 'overdueAction':
    case 'passAction':
    case 'replaceChair':
    case 'excuse':
      return tick(state, command, at);
  }
}

function open(state: State, command: Of<'open'>): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { kind, region, team, quarter, chair, participants, slot } = command;
  assert(participants.length <= participantsMax, `at most ${participantsMax} take part`);
  assert(participants.includes(chair), 'whoever leads it takes part');
  assert((kind === 'partner') === (team !== null), 'a team is a partner’s');
  const by = command.actor === undefined ? null : partyOf(command);
  const convened = { kind, region, team, quarter, chair, participants, slot };
  return accept({ type: 'opened', by, ...convened });
}

/** The last of them makes it sure. */
function confirm(state: State, command: Of<'confirm'>, at: Instant): Step {
  const by = partyOf(command);
  if (!isAhead(state)) return refuse('quarter.has_met');
  if (!state.participants.includes(by)) return refuse('quarter.not_participant');
  const { actor } = command;
  const isComing = state.confirmed.includes(by);
  // Who comes after all is there themselves, and needs nobody in their place.
  if (isComing && handOf(state, by) === actor) return refuse('quarter.already_done');
  return perhapsSure(state, { type: 'attending', by, ...(actor !== by && { hand: actor }) }, at);
}

/** To another time, which everybody else confirms anew. */
function move(state: State, command: Of<'move'>, at: Instant): Step {
  const by = partyOf(command);
  if (!isAhead(state)) return refuse('quarter.has_met');
  if (!state.participants.includes(by)) return refuse('quarter.not_participant');
  if (state.number >= movesMax) return refuse('quarter.too_many_moves', { max: movesMax });
  const { slot } = command;
  if (slot.from <= at) return refuse('quarter.slot_past');
  if (slot.from === state.slot.from) return refuse('quarter.same_slot');
  const { actor } = command;
  return perhapsSure(state, { type: 'moved', by, ...(actor !== by && { hand: actor }), slot }, at);
}

function addAction(state: State, command: Of<'addAction'>, at: Instant): Step {
  const by = partyOf(command);
  const { owner, day, dueAt, content } = command;
  if (state.status !== 'following') return refuse('quarter.not_met');
  if (!state.participants.includes(by)) return refuse('quarter.not_participant');
  if (state.isConcluded) return refuse('quarter.concluded');
  if (state.actions.length >= actionsMax) {
    return refuse('quarter.too_many_actions', { max: actionsMax });
  }
  const days = (dueAt - at) / dayMs;
  if (days <= 0 || days > actionDaysMax) return refuse('quarter.due_day', { max: actionDaysMax });
  const number = state.actions.length + 1;
  return accept({ type: 'actionAdded', by, number, owner, day, dueAt, content });
}

const openAction = (state: State, number: number): ReviewAction | null =>
  state.actions.find((one) => one.number === number && !one.isDone) ?? null;

/** The last one ends it, once nothing is added any more. */
function finishAction(state: State, command: Of<'finishAction'>): Step {
  const by = partyOf(command);
  const action = openAction(state, command.number);
  if (action === null) return refuse('quarter.no_action');
  if (action.owner !== by) return refuse('quarter.not_owner');
  const { number, content } = command;
  const done = { type: 'actionDone', by, number, content } as const;
  const isLast = state.actions.every((one) => one.isDone || one.number === number);
  return isLast && state.isConcluded ? accept<ReviewEvent>(done, { type: 'closed' }) : accept(done);
}

function conclude(state: State, command: Of<'conclude'>): Step {
  const by = partyOf(command);
  if (state.status !== 'following') return refuse('quarter.not_met');
  if (by !== state.chair) return refuse('quarter.not_chair');
  if (state.isConcluded) return refuse('quarter.already_done');
  const concluded = { type: 'concluded', by } as const;
  return state.actions.every(({ isDone }) => isDone)
    ? accept<ReviewEvent>(concluded, { type: 'closed' })
    : accept(concluded);
}

/** Where whoever goes was the last who had not confirmed, or nobody else is left, it is sure. */
function perhapsSure(state: State, event: ReviewEvent, at: Instant): Step {
  const after = evolveReview(state, event, at);
  const { status, participants, confirmed } = after;
  const isSure =
    status === 'proposed' &&
    participants.length > 0 &&
    participants.every((person) => confirmed.includes(person)) &&
    isQuorate(after);
  return isSure ? accept<ReviewEvent>(event, { type: 'confirmed' }) : accept(event);
}

function tick(state: State, command: ClockCommand, at: Instant): Step {
  const { isReminded, number } = state;
  switch (command.type) {
    case 'remindAttend':
      return isAhead(state) && !isReminded ? accept({ type: 'attendReminded' }) : stale;
    case 'meet':
      return isAhead(state) && isQuorate(state) ? accept({ type: 'met' }) : stale;
    case 'proposeAnew':
      if (!isAhead(state) || isQuorate(state) || number >= movesMax) return stale;
      return accept({ type: 'moved', by: null, slot: command.slot });
    case 'lapse':
      return isAhead(state) && !isQuorate(state) ? accept({ type: 'lapsed' }) : stale;
    case 'replaceChair':
      if (state.chair !== command.from) return stale;
      return perhapsSure(state, { type: 'chairReplaced', from: command.from, to: command.to }, at);
    case 'excuse':
      if (!isAhead(state) || !state.participants.includes(command.person)) return stale;
      return perhapsSure(state, { type: 'excused', person: command.person }, at);
    case 'remindConclude':
      if (state.status !== 'following' || state.isConcluded || state.isConcludeReminded) {
        return stale;
      }
      return accept({ type: 'concludeReminded' });
    case 'remindAction':
    case 'overdueAction':
    case 'passAction':
      return tickAction(state, command);
  }
}

function tickAction(
  state: State,
  command: Extract<ClockCommand, { type: 'remindAction' | 'overdueAction' | 'passAction' }>,
): Step {
  const { number } = command;
  const action = openAction(state, number);
  if (action === null) return stale;
  switch (command.type) {
    case 'remindAction':
      return action.isReminded ? stale : accept({ type: 'actionReminded', number });
    case 'overdueAction':
      return action.isOverdue ? stale : accept({ type: 'actionOverdue', number });
    case 'passAction':
      return accept({ type: 'actionPassed', number, to: command.to });
  }
}
