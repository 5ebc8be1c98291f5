/** What happened to a budget request, and where it stands: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, Instant, Moment, NoticeParams, Sentence } from '../loop.ts';
import type { Holdable } from '../hold.ts';
import type { LeftOut } from './route.ts';
import { leftOutOf } from './seats.ts';
import {
  currentStep,
  isExceptionStep,
  openSeats,
  type BudgetCommand,
  type BudgetEvent,
  type BudgetState,
} from './state.ts';

const named = (person: PersonId) => ({ person });
const money = (minor: string, currency: string) => ({ money: { minor, currency } });

export function timelineSentence(event: BudgetEvent | HoldEvent, currency: string): Sentence {
  const [name, params] = told(event, currency);
  return { key: `budgetRequest.timeline.${name}`, params };
}

function told(
  event: BudgetEvent | HoldEvent,
  currency: string,
): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'submitted':
      if (event.by === null) return ['opened', {}];
      return [event.isException ? 'submitted_exception' : 'submitted', { by: named(event.by) }];
    case 'approved':
      return [
        event.amounts === null ? 'approved' : 'approved_lower',
        {
          by: named(event.by),
          ...(event.amounts && { amount: money(sumOf(event.amounts), currency) }),
        },
      ];
    case 'excepted':
    case 'rejected':
    case 'asked':
    case 'answered':
    case 'withdrawn':
    case 'completed':
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
    case 'proven':
    case 'raised':
      return [event.type, { by: named(event.by), amount: money(event.minor, currency) }];
    case 'reminded':
      return ['reminded', { person: named(event.to ?? event.person) }];
    case 'overdue':
      return event.to === null
        ? ['overdue', { person: named(event.person) }]
        : ['passed_up', { person: named(event.person), to: named(event.to) }];
    case 'lapsed':
    case 'rerouted':
      return [event.type, {}];
    case 'questionLapsed':
      return ['question_lapsed', {}];
    case 'closeOutReminded':
      return ['close_out_reminded', {}];
  }
}

const sumOf = (amounts: readonly string[]): string =>
  String(amounts.reduce((sum, minor) => sum + BigInt(minor), 0n));

const explained = (name: string, params: NoticeParams): Sentence => ({
  key: `budgetRequest.explain.${name}`,
  params,
});
const at = (instant: Instant): NoticeParams => ({ at: { instant } });

/** Whom it waits for, since when and why, and what the clock does next. */
export function explainBudget(
  { state, heldSince }: Holdable<BudgetState>,
  moments: readonly Moment<BudgetCommand>[],
): readonly Sentence[] {
  return [
    ...(heldSince === null ? [] : [explained('held', at(heldSince))]),
    ...standing(state),
    ...leftOut(state),
    ...(state.isSplit ? [explained('split', {})] : []),
    ...moments.flatMap(nextStep),
  ];
}

function standing(state: BudgetState): readonly Sentence[] {
  const { status, requester, question, changedAt } = state;
  switch (status) {
    case 'waiting': {
      const name = isExceptionStep(currentStep(state)) ? 'waits_exception' : 'waits';
      return openSeats(state).map(({ person, since }) =>
        explained(name, { person: named(person), ...at(since) }),
      );
    }
    case 'questioned':
      return [explained('questioned', { requester: named(requester), ...at(question?.at ?? 0) })];
    case 'approved':
      return [explained('approved', { requester: named(requester) })];
    case 'new':
    case 'completed':
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      return [explained(`is_${status}`, at(changedAt))];
  }
}

/** Not who is unknown: there is no name. */
export const leftOutSentences = (all: readonly LeftOut[]): readonly Sentence[] =>
  all.flatMap(({ person, why }) =>
    why === 'unknown' ? [] : [explained(`left_out_${why}`, { person: named(person) })],
  );

/** Whom the steps from now on name and do not ask, and why. */
function leftOut(state: BudgetState): readonly Sentence[] {
  if (currentStep(state) === null) return [];
  const left = new Map<string, LeftOut>();
  for (const step of state.steps.slice(state.current)) {
    for (const one of leftOutOf(step)) left.set(`${one.person} ${one.why}`, one);
  }
  return leftOutSentences([...left.values()]);
}

function nextStep({ at: instant, command }: Moment<BudgetCommand>): readonly Sentence[] {
  switch (command.type) {
    case 'remind':
      return [
        explained('next_remind', { person: named(command.to ?? command.person), ...at(instant) }),
      ];
    case 'overdue':
      return command.to === null
        ? [explained('next_overdue', { person: named(command.person), ...at(instant) })]
        : [
            explained('next_passed_up', {
              person: named(command.person),
              to: named(command.to),
              ...at(instant),
            }),
          ];
    case 'lapse':
      return [explained('next_lapse', at(instant))];
    case 'lapseQuestion':
      return [explained('next_question_lapses', at(instant))];
    case 'remindCloseOut':
      return [explained('next_close_out', at(instant))];
    case 'reroute':
    case 'submit':
    case 'approve':
    case 'except':
    case 'reject':
    case 'ask':
    case 'answer':
    case 'withdraw':
    case 'prove':
    case 'raise':
    case 'closeOut':
      return [];
  }
}
