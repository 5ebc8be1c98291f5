/** Who hears of what. The keys are those of `locales/<locale>/developmentPlan.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams } from '../loop.ts';
import type { TaskKind } from '../task-kind.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { coachesOf, findTask, unagreedBy } from './roles.ts';
import type { Need, PlanEvent, PlanState } from './state.ts';

type State = PlanState;

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'developmentPlan'>;
  readonly asks?: TaskKind;
  readonly params?: NoticeParams;
}

export const planNotices = (event: PlanEvent | HoldEvent, state: State): readonly NoticeDraft[] =>
  letters(event, state).map(({ to, key, asks, params }) => ({
    to,
    key: `developmentPlan.${key}`,
    params: { subject: { person: state.subject }, ...params },
    urgency: 'working',
    ...(asks !== undefined && { asks }),
  }));

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

const both = ({ subject, manager }: State): readonly PersonId[] => [subject, manager];

const toAll = (
  people: readonly PersonId[],
  key: MessageOf<'developmentPlan'>,
  params?: NoticeParams,
): readonly Letter[] => [...new Set(people)].map((to) => ({ to, key, ...(params && { params }) }));

const askAgree = (state: State, key: MessageOf<'developmentPlan'>): readonly Letter[] =>
  unagreedBy(state).map((to) => ({ to, key, asks: 'plan.agree' }));

const needKeys: Readonly<Record<Need, 'money' | 'work'>> = { formal: 'money', onTheJob: 'work' };

const askNeed = (to: PersonId, need: Need, why: 'reopened' | 'reminder'): Letter => ({
  to,
  key: `${needKeys[need]}_${why}`,
  asks: findTask[need],
});

function letters(event: PlanEvent | HoldEvent, state: State): readonly Letter[] {
  const { subject, manager } = state;
  switch (event.type) {
    case 'started':
      return askAgree(state, 'agree');
    case 'changeProposed':
      return askAgree(state, 'agree_change');
    case 'agreeReminded':
      return askAgree(state, 'agree_reminder');
    case 'managerReplaced':
      return [
        { to: event.to, key: 'manager_replaced', params: person(event.to) },
        { to: subject, key: 'manager_replaced', params: person(event.to) },
        ...askAgree(state, 'agree').filter(({ to }) => to === event.to),
      ];
    case 'agreed':
      return [
        ...toAll(both(state), 'agreed'),
        ...coachesOf(state).map((to): Letter => ({ to, key: 'coach_named' })),
      ];
    case 'refused':
    case 'changeRefused':
    case 'cancelled':
      return ended(event, state);
    case 'lapsed':
      return toAll(both(state), 'lapsed');
    case 'changeLapsed':
      return toAll(both(state), 'change_lapsed');
    case 'coachGone':
      return toAll(both(state), 'coach_gone', person(event.coach));
    case 'closed':
      return toAll([...both(state), ...coachesOf(state)], 'closed');
    case 'ended':
      return [{ to: manager, key: 'close', asks: 'plan.close' }];
    case 'closeReminded':
      return [{ to: manager, key: 'close_reminder', asks: 'plan.close' }];
    case 'consented':
    case 'linked':
    case 'fulfilled':
    case 'reopened':
    case 'needReminded':
    case 'reviewAsked':
    case 'reviewed':
    case 'reviewLate':
    case 'coached':
    case 'coachReminded':
    case 'stalled':
    case 'held':
    case 'resumed':
      return lettersDuring(event, state);
  }
}

function ended(
  { type, by }: Extract<PlanEvent, { type: 'refused' | 'changeRefused' | 'cancelled' }>,
  state: State,
): readonly Letter[] {
  const people = type === 'cancelled' ? [...both(state), ...coachesOf(state)] : both(state);
  const others = people.filter((to) => to !== by);
  if (by === null) return toAll(others, 'dropped');
  return toAll(others, type === 'changeRefused' ? 'change_refused' : type, person(by));
}

type During = Extract<
  PlanEvent | HoldEvent,
  {
    type:
      | 'consented'
      | 'linked'
      | 'fulfilled'
      | 'reopened'
      | 'needReminded'
      | 'reviewAsked'
      | 'reviewed'
      | 'reviewLate'
      | 'coached'
      | 'coachReminded'
      | 'stalled'
      | 'held'
      | 'resumed';
  }
>;

function lettersDuring(event: During, state: State): readonly Letter[] {
  const { subject, manager, terms } = state;
  const coach = terms?.coach ?? null;
  switch (event.type) {
    case 'reopened':
      return [askNeed(subject, event.need, 'reopened')];
    case 'needReminded':
      return [askNeed(subject, event.need, 'reminder')];
    case 'reviewAsked':
      return [{ to: subject, key: 'review', asks: 'plan.report' }];
    case 'reviewed':
      return [{ to: manager, key: 'reviewed' }, ...toCoach(state)];
    case 'reviewLate':
      return [
        { to: subject, key: 'review_late', asks: 'plan.report' },
        { to: manager, key: 'review_late_for' },
        ...toCoach(state),
      ];
    case 'coached':
      return toAll(both(state), 'coached', person(event.by));
    case 'coachReminded':
      return coach === null ? [] : [{ to: coach, key: 'coach_reminder', asks: 'plan.coach' }];
    case 'stalled':
      return toAll([...both(state), ...coachesOf(state)], 'stalled');
    case 'consented':
    case 'linked':
    case 'fulfilled':
    case 'held':
    case 'resumed':
      return [];
  }
}

/** Where they are asked for their view of this review. */
const toCoach = ({ terms, coachAsked, changedAt }: State): readonly Letter[] =>
  terms?.coach && coachAsked?.since === changedAt
    ? [{ to: terms.coach, key: 'coach', asks: 'plan.coach' }]
    : [];
