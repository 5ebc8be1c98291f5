/** The order of a budget request's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import type { PersonId } from '../id.ts';
import { accept, partyOf, refuse, type Decision, type LoopRules } from '../loop.ts';
import { decimalOf } from '../money.ts';
import { evolveBudget } from './evolve.ts';
import { askersOf, decidedBefore, isIn, remindedOf, seatsOfMany } from './seats.ts';
import {
  closedStatuses,
  closeOutRemindersMax,
  currentStep,
  initialBudget,
  instalmentsMax,
  isExceptionStep,
  openSeats,
  questionsMax,
  type Proof,
  type BudgetClockCommand,
  type BudgetCommand,
  type BudgetEvent,
  type BudgetState,
  type Seat,
} from './state.ts';

type Step = Decision<BudgetEvent>;
type Of<Type extends BudgetCommand['type']> = Type extends string
  ? Extract<BudgetCommand, { type: Type }>
  : never;

export const budgetRules: LoopRules<BudgetState, BudgetCommand, BudgetEvent> = {
  loop: 'budgetRequest',
  version: 1,
  initial: initialBudget,
  decide: decideBudget,
  evolve: evolveBudget,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

function decideBudget(state: BudgetState, command: BudgetCommand): Step {
  if (command.type === 'submit') return submit(state, command);
  if (state.status === 'new') return refuse('loop.not_open');
  if (budgetRules.isClosed(state)) return refuse('loop.closed');
  if (isOfAsker(state, command)) return refuse('budget.own');
  switch (command.type) {
    case 'approve':
      return approve(state, command);
    case 'except':
      return except(state, command);
    case 'reject':
    case 'ask':
      return say(state, command);
    case 'answer':
      if (state.status !== 'questioned') return refuse('budget.no_question');
      return accept({ type: 'answered', by: partyOf(command), content: command.content });
    case 'withdraw':
      if (state.instalments.some(({ spent }) => spent !== null)) return refuse('budget.spent');
      return accept({
        type: 'withdrawn',
        by: partyOf(command),
        isUndecided: currentStep(state) !== null,
      });
    case 'prove':
      return prove(state, partyOf(command), command);
    case 'raise':
      return raise(state, command);
    case 'closeOut':
      return closeOut(state, command);
    case 'remind':
    case 'overdue':
    case 'lapse':
    case 'lapseQuestion':
    case 'remindCloseOut':
    case 'reroute':
      return tick(state, command);
  }
}

/** Whoever asks, in their own name or another's, does not decide about it. */
function isOfAsker(state: BudgetState, command: BudgetCommand): boolean {
  const { type } = command;
  if (type !== 'approve' && type !== 'except' && type !== 'reject' && type !== 'ask') return false;
  const asking = askersOf(state);
  return [command.actor, partyOf(command)].some((one) => asking.includes(one));
}

function submit(state: BudgetState, command: Of<'submit'>): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { type: _, actor, onBehalfOf: __, openedBy: ___, ...submission } = command;
  const { instalments, steps } = submission;
  assert(instalments.length > 0, 'a request asks for something');
  if (instalments.length > instalmentsMax) {
    return refuse('budget.too_many_instalments', { max: instalmentsMax });
  }
  if (instalments.some(({ minor }) => BigInt(minor) <= 0n)) return refuse('money.not_positive');
  assert(
    steps.some(({ needs }) => needs > 0) && steps.every((one) => one.people.length >= one.needs),
    'somebody decides in each step',
  );
  const by = actor === undefined ? null : partyOf(command);
  const isByAnother = actor !== undefined && actor !== by;
  return accept({
    type: 'submitted',
    by,
    ...(isByAnother && { submittedBy: actor }),
    ...submission,
  });
}

/** The seat that is open and that this person may fill: their own before one they were added to. */
export function seatOf(state: BudgetState, person: PersonId): Seat | null {
  const open = openSeats(state);
  return (
    open.find((seat) => seat.person === person) ??
    open.find(({ added }) => added === person) ??
    null
  );
}

/** One person has one voice in a step, whether they are asked, added, or speak for somebody. */
function hasVoice(state: BudgetState, seat: Seat, { actor, by }: Voice): boolean {
  const isOwn = seat.person === actor && by === actor;
  const before = decidedBefore(state);
  return seatsOfMany(state).some((other) => {
    if (other === seat || (isOwn && before.includes(other))) return false;
    return other.decidedBy === null ? other.person === actor : isIn(other, actor);
  });
}

interface Voice {
  readonly actor: PersonId;
  /** In whose name. */
  readonly by: PersonId;
}

const speaker = (
  { actor }: Of<'approve' | 'except'>,
  by: PersonId,
): { readonly spokenBy?: PersonId } => (actor === by ? {} : { spokenBy: actor });

/** Who was quicker, and when; or that they were never asked. */
function refuseDecision({ decided, steps }: BudgetState, person: PersonId): Step {
  const wasAsked = steps.some(({ seats }) =>
    seats.some((seat) => seat.person === person || seat.added === person),
  );
  return decided && wasAsked
    ? refuse('budget.decided', { person: decided.by, at: decided.at })
    : refuse('budget.not_asked');
}

function approve(state: BudgetState, command: Of<'approve'>): Step {
  const by = partyOf(command);
  const seat = seatOf(state, by);
  if (!seat) return refuseDecision(state, by);
  if (hasVoice(state, seat, { actor: command.actor, by })) return refuse('budget.one_voice');
  if (isExceptionStep(currentStep(state))) return refuse('budget.exception_step');
  const wrong = command.amounts && wrongAmounts(state, command.amounts);
  if (wrong) return wrong;
  const amounts = lowerAmounts(state, command.amounts);
  const said = { type: 'approved', by, ...speaker(command, by), amounts } as const;
  // As it will be: whoever agrees may count in later steps too, or not where they were to.
  const { status } = evolveBudget(state, { ...said, isFinal: false }, state.changedAt);
  return accept({ ...said, isFinal: status === 'approved' });
}

function wrongAmounts(state: BudgetState, amounts: readonly string[]): Step | null {
  const { instalments, raise: raised } = state;
  if (raised !== null) return refuse('budget.raise_as_asked');
  if (amounts.length !== instalments.length) {
    return refuse('budget.instalments_differ', { instalments: instalments.length });
  }
  const isHigher = amounts.some((minor, index) => BigInt(minor) > kept(state, index));
  if (isHigher) return refuse('budget.amount_higher');
  return amounts.some((minor) => BigInt(minor) <= 0n) ? refuse('money.not_positive') : null;
}

/** Null where they take nothing of what is asked for. */
const lowerAmounts = (state: BudgetState, amounts: readonly string[] = []) =>
  amounts.some((minor, index) => BigInt(minor) < kept(state, index)) ? amounts : null;

const kept = ({ instalments }: BudgetState, index: number): bigint =>
  BigInt(instalments[index]?.minor ?? '0');

function except(state: BudgetState, command: Of<'except'>): Step {
  const by = partyOf(command);
  if (!seatOf(state, by)) return refuseDecision(state, by);
  if (!isExceptionStep(currentStep(state))) return refuse('budget.exception_step');
  if (BigInt(command.minor) <= 0n) return refuse('money.not_positive');
  const { minor, content } = command;
  return accept({ type: 'excepted', by, ...speaker(command, by), minor, content });
}

function say(state: BudgetState, command: Of<'reject' | 'ask'>): Step {
  const by = partyOf(command);
  if (!seatOf(state, by)) return refuseDecision(state, by);
  const { content } = command;
  if (command.type === 'reject') return accept({ type: 'rejected', by, content });
  if (state.status === 'questioned') return refuse('budget.question_open');
  if (state.questions >= questionsMax) {
    return refuse('budget.too_many_questions', { max: questionsMax });
  }
  return accept({ type: 'asked', by, content });
}

/** Of an instalment that is granted and not spent yet. */
function unspent(state: BudgetState, index: number): Step | null {
  if (state.status !== 'approved') return refuse('budget.not_approved');
  const instalment = state.instalments[index];
  if (!instalment) {
    return refuse('budget.instalments_differ', { instalments: state.instalments.length });
  }
  return instalment.spent === null ? null : refuse('budget.proven_before');
}

function prove(state: BudgetState, by: PersonId, { instalment, minor, content }: Proof): Step {
  const wrong = unspent(state, instalment);
  if (wrong) return wrong;
  const [spent, granted] = [BigInt(minor), kept(state, instalment)];
  if (spent <= 0n) return refuse('money.not_positive');
  const { tolerancePercent } = state.terms;
  if (spent * 100n > granted * BigInt(100 + tolerancePercent)) {
    const { currency } = state;
    const amount = decimalOf({ minor: granted, currency });
    return refuse('budget.over_tolerance', { granted: amount, currency, tolerancePercent });
  }
  return accept({ type: 'proven', by, instalment, minor, content });
}

function raise(state: BudgetState, command: Of<'raise'>): Step {
  const { instalment, minor, content, route } = command;
  const wrong = unspent(state, instalment);
  if (wrong) return wrong;
  if (BigInt(minor) <= kept(state, instalment)) return refuse('budget.raise_not_higher');
  const by = partyOf(command);
  const raisedBy = [...new Set([by, command.actor])];
  const said = { type: 'raised', by, raisedBy, instalment, minor, content } as const;
  return accept({ ...said, ...(route && { route }) });
}

function closeOut(state: BudgetState, command: Of<'closeOut'>): Step {
  if (state.status !== 'approved') return refuse('budget.not_approved');
  const { content, lesson, proof } = command;
  const by = partyOf(command);
  const proven = proof ? prove(state, by, proof) : accept<BudgetEvent>();
  if (!proven.ok) return proven;
  const isBare = !proof && state.instalments.every(({ spent }) => spent === null);
  if (isBare) return refuse('budget.no_evidence');
  return accept(...proven.events, { type: 'completed', by, content, lesson });
}

const stale: Step = refuse('loop.stale_plan');

function tick(state: BudgetState, command: BudgetClockCommand): Step {
  const { status } = state;
  switch (command.type) {
    case 'remind': {
      const seat = openSeats(state).find(({ person }) => person === command.person);
      const { person, to } = command;
      const isTold = seat && remindedOf(seat).includes(to ?? person);
      if (status !== 'waiting' || !seat || isTold || seat.overdueAt !== null) return stale;
      return accept({ type: 'reminded', person, ...(to !== undefined && { to }) });
    }
    case 'overdue': {
      const { person, to } = command;
      const seat = openSeats(state).find((one) => one.person === person);
      if (status !== 'waiting' || !seat || seat.overdueAt !== null) return stale;
      return accept({ type: 'overdue', person, to });
    }
    case 'lapse': {
      const open = openSeats(state);
      const isOver = open.length > 0 && open.every(({ overdueAt }) => overdueAt !== null);
      return status === 'waiting' && isOver ? accept({ type: 'lapsed' }) : stale;
    }
    case 'lapseQuestion':
      return status === 'questioned' ? accept({ type: 'questionLapsed' }) : stale;
    case 'remindCloseOut': {
      const isEnough = state.closeOutReminders >= closeOutRemindersMax;
      return status === 'approved' && !isEnough ? accept({ type: 'closeOutReminded' }) : stale;
    }
    case 'reroute':
      return currentStep(state) ? accept({ type: 'rerouted', steps: command.steps }) : stale;
  }
}
