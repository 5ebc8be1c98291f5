/** What happened to a plan, where it stands and what comes next: sentences of the catalogue. */
import type { Holdable } from '../hold.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, Instant, Moment, NoticeParams, Sentence } from '../loop.ts';
import { isMissing, unagreedBy } from './roles.ts';
import { needs, type PlanCommand, type PlanEvent, type PlanState } from './state.ts';

const named = (person: PersonId): NoticeParams => ({ person: { person } });
const at = (instant: Instant): NoticeParams => ({ at: { instant } });

export function timelineSentence(event: PlanEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `developmentPlan.timeline.${name}`, params };
}

function told(event: PlanEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'started':
      return ['started', { ...named(event.by), day: { day: event.terms.lastDay } }];
    case 'changeProposed':
      return ['change_proposed', { ...named(event.by), day: { day: event.terms.lastDay } }];
    case 'consented':
      return ['consented', named(event.by)];
    case 'refused':
    case 'changeRefused':
    case 'cancelled':
      return event.by === null ? ['dropped', {}] : [ended[event.type], named(event.by)];
    case 'linked':
      return [`linked_${event.need}`, {}];
    case 'fulfilled':
      return [`fulfilled_${event.need}`, {}];
    case 'reopened':
      return [`reopened_${event.need}`, {}];
    case 'needReminded':
      return ['reminded', {}];
    case 'reviewed':
    case 'coached':
    case 'closed':
      return [event.type, named(event.by)];
    case 'coachGone':
      return ['coach_gone', named(event.coach)];
    case 'managerReplaced':
      return ['manager_replaced', named(event.to)];
    case 'held':
    case 'resumed':
      return ['reminded', {}];
    case 'agreeReminded':
    case 'coachReminded':
    case 'closeReminded':
      return ['reminded', {}];
    case 'agreed':
    case 'lapsed':
    case 'stalled':
    case 'ended':
      return [event.type, {}];
    case 'changeLapsed':
      return ['change_lapsed', {}];
    case 'reviewAsked':
      return ['review_asked', {}];
    case 'reviewLate':
      return ['review_late', {}];
  }
}

const ended = {
  refused: 'refused',
  changeRefused: 'change_refused',
  cancelled: 'cancelled',
} as const;

const explained = (name: string, params: NoticeParams = {}): Sentence => ({
  key: `developmentPlan.explain.${name}`,
  params,
});

/** Whom it waits for, what is missing, and what the clock does next. */
export const explainPlan = (
  { state }: Holdable<PlanState>,
  moments: readonly Moment<PlanCommand>[],
): readonly Sentence[] => [...standing(state), ...moments.flatMap(nextStep)];

function standing(state: PlanState): readonly Sentence[] {
  const { status, pending, stalledAt, review, coachAsked, terms, changedAt, manager } = state;
  if (status === 'new') return [];
  if (status === 'closed' || status === 'cancelled' || status === 'lapsed') {
    return [explained(`is_${status}`, at(changedAt))];
  }
  const waits = unagreedBy(state).map((person) =>
    explained('waits_agree', { ...named(person), ...at(pending?.since ?? changedAt) }),
  );
  if (status === 'proposed') return waits;
  return [
    ...waits,
    ...needs.filter((need) => isMissing(state, need)).map((need) => explained(`misses_${need}`)),
    ...(review === null ? [] : [explained('waits_review', at(review.since))]),
    ...(coachAsked === null || !terms?.coach
      ? []
      : [explained('waits_coach', { ...named(terms.coach), ...at(coachAsked.since) })]),
    ...(stalledAt === null ? [] : [explained('stands_still', at(stalledAt))]),
    ...(status === 'closing' ? [explained('waits_close', named(manager))] : []),
  ];
}

function nextStep({ at: instant, command }: Moment<PlanCommand>): readonly Sentence[] {
  switch (command.type) {
    case 'remindAgree':
    case 'remindNeed':
    case 'remindCoach':
    case 'remindClose':
      return [explained('next_remind', at(instant))];
    case 'lapse':
      return [explained('next_lapse', at(instant))];
    case 'askReview':
      return [explained('next_review', at(instant))];
    case 'lateReview':
      return [explained('next_late', at(instant))];
    case 'stall':
      return [explained('next_stall', at(instant))];
    case 'end':
      return [explained('next_end', at(instant))];
    case 'replaceManager':
    case 'loseCoach':
    case 'drop':
    case 'hear':
    case 'start':
    case 'agree':
    case 'stepDown':
    case 'refuse':
    case 'cancel':
    case 'change':
    case 'link':
    case 'review':
    case 'coach':
    case 'close':
      return [];
  }
}
