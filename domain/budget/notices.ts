/** Who hears of what. The keys are those of `locales/<locale>/budgetRequest.json`. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import type { TaskKind } from '../task-kind.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import {
  currentStep,
  isExceptionStep,
  openSeats,
  totalOf,
  type BudgetEvent,
  type BudgetFacts,
  type BudgetState,
} from './state.ts';

type World = PlanningWorld<BudgetFacts>;

type Name = MessageOf<'budgetRequest'>;

interface Letter {
  readonly to: PersonId | null;
  readonly key: Name;
  readonly asks?: 'decide' | 'except' | 'answer' | 'close_out';
  readonly params?: NoticeParams;
}

const by = (person: PersonId): NoticeParams => ({ person: { person } });

export function budgetNotices(
  event: BudgetEvent | HoldEvent,
  state: BudgetState,
  world: World,
): readonly NoticeDraft[] {
  const common = commonParams(state);
  return letters(event, state, world).flatMap(({ to, key, asks, params }) => {
    if (to === null) return [];
    const draft: NoticeDraft = {
      to,
      key: `budgetRequest.${key}`,
      params: { ...common, ...params },
      urgency: 'working',
    };
    return [asks === undefined ? draft : { ...draft, asks: `budgetRequest.${asks}` }];
  });
}

const commonParams = (state: BudgetState): NoticeParams => ({
  requester: { person: state.requester },
  kind: { term: `budgetRequest.kind.${state.kind}` },
  amount: { money: { minor: String(totalOf(state)), currency: state.currency } },
});

/** Why a step that somebody had is not theirs any more. */
export function budgetRelieves(
  event: BudgetEvent | HoldEvent,
  state: BudgetState,
  kind: TaskKind,
): Pick<NoticeDraft, 'key' | 'params'> | null {
  const keys = kind === 'budgetRequest.answer' ? unansweredKeys : relievedKeys;
  const name = event.type === 'lapsed' ? lapsedKey(state) : keys[event.type];
  if (name === undefined) return null;
  const params = 'by' in event && event.by !== null ? by(event.by) : {};
  return { key: `budgetRequest.${name}`, params: { ...commonParams(state), ...params } };
}

/** By what ended their turn to decide. */
const relievedKeys: Partial<Record<(BudgetEvent | HoldEvent)['type'], Name>> = {
  approved: 'approved_by_other',
  excepted: 'excepted_by_other',
  rejected: 'rejected_by_other',
  rerouted: 'passed_on',
  withdrawn: 'withdrawn',
};
/** By what ended their turn to answer. */
const unansweredKeys: typeof relievedKeys = {
  questionLapsed: 'question_lapsed',
  approved: 'question_settled',
  rerouted: 'question_settled',
};

/** A raise that ends undecided takes nothing of what was granted before it. */
const isRaise = ({ status }: BudgetState): boolean => status === 'approved';
const raised = (state: BudgetState, key: 'rejected' | 'lapsed'): Name =>
  isRaise(state) ? `raise_${key}` : key;
const lapsedKey = (state: BudgetState): Name =>
  isRaise(state) ? 'raise_lapsed_undecided' : 'lapsed_undecided';

function letters(
  event: BudgetEvent | HoldEvent,
  state: BudgetState,
  world: World,
): readonly Letter[] {
  const { requester } = state;
  switch (event.type) {
    case 'submitted':
    case 'raised':
      return newlyAsked(state);
    case 'rerouted':
      return isGranted(state) ? granted(state) : newlyAsked(state);
    case 'approved':
      if (!event.isFinal) return newlyAsked(state);
      return granted(state);
    case 'excepted':
      if (isGranted(state)) return granted(state);
      return [{ to: requester, key: 'excepted', params: by(event.by) }, ...newlyAsked(state)];
    case 'rejected':
      return [{ to: requester, key: raised(state, 'rejected'), params: by(event.by) }];
    case 'asked':
      return [{ to: requester, key: 'question', asks: 'answer', params: by(event.by) }];
    case 'answered':
    case 'questionLapsed':
      return stillAsked(state, event.type === 'answered' ? 'answered' : 'not_answered');
    case 'reminded':
      return [{ to: event.person, key: 'reminder', asks: asksOf(state) }];
    case 'overdue':
      return overdue(event, state);
    case 'lapsed':
      return [requester, ...lapsedWith(state)].map((to) => ({
        to,
        key: to === requester ? raised(state, 'lapsed') : lapsedKey(state),
      }));
    case 'withdrawn':
      return (event.isUndecided ? lapsedWith(state) : []).map((to) => ({ to, key: 'withdrawn' }));
    case 'closeOutReminded':
      return closeOut(state, world);
    case 'held':
    case 'resumed':
      return [{ to: requester, key: event.type, params: by(event.by) }];
    case 'proven':
    case 'completed':
      return [];
  }
}

/** By whoever agreed last, where nobody else is asked any more. */
const isGranted = ({ status }: BudgetState): boolean => status === 'approved';
const granted = ({ requester, decided, isLowered }: BudgetState): readonly Letter[] => [
  {
    to: requester,
    key: isLowered ? 'approved_lower' : 'approved',
    params: by(present(decided, 'who agreed last').by),
  },
];

const asksOf = (state: BudgetState): 'decide' | 'except' =>
  isExceptionStep(currentStep(state)) ? 'except' : 'decide';

/** Those whose clock begins with this very step. */
const newlyAsked = (state: BudgetState): readonly Letter[] =>
  openSeats(state)
    .filter(({ since, decidedBy }) => since === state.changedAt && decidedBy === null)
    .map(({ person }) => {
      const asks = asksOf(state);
      return { to: person, key: asks === 'except' ? 'exception_asked' : 'asked', asks };
    });

const stillAsked = (state: BudgetState, key: Name): readonly Letter[] =>
  everybodyOpen(state).map((to) => ({ to, key, asks: asksOf(state) }));

const everybodyOpen = (state: BudgetState): readonly PersonId[] => [
  ...new Set(openSeats(state).flatMap(({ person, added }) => (added ? [person, added] : [person]))),
];

function overdue(
  { person, to }: Extract<BudgetEvent, { type: 'overdue' }>,
  state: BudgetState,
): readonly Letter[] {
  const asks = asksOf(state);
  return [
    { to: person, key: 'overdue', asks },
    { to, key: 'added', asks, params: by(person) },
    ...(to === null ? [] : [{ to: state.requester, key: 'passed_up', params: by(to) } as const]),
  ];
}

/** Of a step that has ended with nobody's decision: whoever was still asked. */
function lapsedWith({ steps, current }: BudgetState): readonly PersonId[] {
  const seats = (steps[current]?.seats ?? []).filter(({ decidedBy }) => decidedBy === null);
  return [...new Set(seats.flatMap(({ person, added }) => (added ? [person, added] : [person])))];
}

/** The first to whoever closes it; later ones to who stands above them too. */
function closeOut(state: BudgetState, world: World): readonly Letter[] {
  const { requester, closeOutReminders } = state;
  const superior = superiorOf(requester, world);
  const isThere = world.person(requester).isActive;
  const closer = isThere ? requester : present(superior ?? requester, 'who closes it');
  const above = closeOutReminders > 1 && superior !== closer ? superior : null;
  return [
    { to: closer, key: 'close_out_reminder', asks: 'close_out' },
    { to: above, key: 'close_out_overdue' },
  ];
}
