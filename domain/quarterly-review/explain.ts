/** What happened to a quarterly review, where it stands and what comes next: sentences of the catalogue. */
import type { Holdable } from '../hold.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, Instant, Moment, NoticeParams, Sentence } from '../loop.ts';
import { awaited, isQuorate } from './coming.ts';
import { quorum, type ReviewCommand, type ReviewEvent, type ReviewState } from './state.ts';

const named = (person: PersonId): NoticeParams => ({ person: { person } });

export function timelineSentence(event: ReviewEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `quarterlyReview.timeline.${name}`, params };
}

function told(event: ReviewEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'opened':
      return ['opened', { at: { instant: event.slot.from } }];
    case 'moved': {
      const at = { at: { instant: event.slot.from } };
      return event.by === null ? ['moved_by_clock', at] : ['moved', { ...named(event.by), ...at }];
    }
    case 'attending':
    case 'concluded':
    case 'cancelled':
      return [event.type, named(event.by)];
    case 'actionAdded':
      return ['action_added', { ...named(event.owner), day: { day: event.day } }];
    case 'actionDone':
      return ['action_done', named(event.by)];
    case 'actionPassed':
      return ['action_passed', named(event.to)];
    case 'actionOverdue':
      return ['action_overdue', {}];
    case 'chairReplaced':
      return ['chair_replaced', named(event.to)];
    case 'excused':
      return ['excused', named(event.person)];
    case 'attendReminded':
    case 'concludeReminded':
    case 'actionReminded':
    case 'held':
    case 'resumed':
      return ['reminded', {}];
    case 'confirmed':
    case 'met':
    case 'lapsed':
    case 'closed':
      return [event.type, {}];
  }
}

const explained = (name: string, params: NoticeParams = {}): Sentence => ({
  key: `quarterlyReview.explain.${name}`,
  params,
});
const at = (instant: Instant): NoticeParams => ({ at: { instant } });

/** Whom it waits for, and what the clock does next. */
export const explainReview = (
  { state }: Holdable<ReviewState>,
  moments: readonly Moment<ReviewCommand>[],
): readonly Sentence[] => [...standing(state), ...moments.flatMap(nextStep)];

function standing(state: ReviewState): readonly Sentence[] {
  const { status, chair, actions, isConcluded, changedAt } = state;
  switch (status) {
    case 'new':
      return [];
    case 'closed':
    case 'cancelled':
    case 'lapsed':
      return [explained(`is_${status}`, at(changedAt))];
    case 'proposed':
    case 'confirmed': {
      const waits = awaited(state).map((person) => explained('waits_attend', named(person)));
      return isQuorate(state) ? waits : [...waits, explained('too_few', { needed: quorum })];
    }
    case 'following':
      return [
        ...(isConcluded ? [] : [explained('waits_conclude', named(chair))]),
        ...actions
          .filter(({ isDone }) => !isDone)
          .map(({ owner, dueAt, isOverdue }) =>
            explained(isOverdue ? 'overdue' : 'waits_action', { ...named(owner), ...at(dueAt) }),
          ),
      ];
  }
}

function nextStep({ at: instant, command }: Moment<ReviewCommand>): readonly Sentence[] {
  switch (command.type) {
    case 'remindAttend':
    case 'remindConclude':
    case 'remindAction':
      return [explained('next_remind', at(instant))];
    case 'meet':
      return [explained('next_meet', at(instant))];
    case 'proposeAnew':
      return [explained('next_anew', at(instant))];
    case 'lapse':
      return [explained('next_lapse', at(instant))];
    case 'overdueAction':
      return [explained('next_overdue', at(instant))];
    case 'passAction':
    case 'replaceChair':
    case 'excuse':
    case 'open':
    case 'confirm':
    case 'move':
    case 'addAction':
    case 'finishAction':
    case 'conclude':
    case 'cancel':
      return [];
  }
}
