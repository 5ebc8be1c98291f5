/** Whom a plan waits for, and what the clock does: until both agree, on the way, and at its end. */
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { halfWay } from '../time/half-way.ts';
import { planNotices } from './notices.ts';
import { coachesOf, findTask, unagreedBy } from './roles.ts';
import {
  type ClockCommand,
  closeRemindersMax,
  type Need,
  needs,
  type PlanCommand,
  type PlanEvent,
  type PlanFacts,
  type PlanState,
} from './state.ts';

type State = PlanState;
type World = PlanningWorld<PlanFacts>;
type Planned = Moment<PlanCommand>;

export const planPlan: LoopPlan<State, PlanCommand, PlanEvent, PlanFacts> = {
  parties,
  account: () => null,
  tasks,
  moments,
  notices: planNotices,
  contents,
  // That one of the two has agreed changes nothing of what they agree to.
  isMaterial: ({ type }) => material.includes(type),
};

const material: readonly PlanEvent['type'][] = [
  'started',
  'agreed',
  'changeProposed',
  'managerReplaced',
  'coachGone',
  'linked',
  'reopened',
];

function parties(state: State): readonly PersonId[] {
  if (state.status === 'new') return [];
  return [...new Set([state.subject, state.manager, ...coachesOf(state)])];
}

function contents(event: PlanEvent): readonly ContentId[] {
  return 'content' in event && event.content !== null ? [event.content] : [];
}

function tasks(state: State, world: World): readonly OpenTask[] {
  const all = [...agreeing(state, world), ...running(state, world), ...closing(state, world)];
  return all.filter(({ person }) => world.person(person).isActive);
}

function agreeing(state: State, { facts }: World): readonly OpenTask[] {
  const { pending } = state;
  if (pending === null) return [];
  const { since } = pending;
  return unagreedBy(state).map((person) => ({
    kind: 'plan.agree',
    person,
    since,
    dueAt: facts.agreeBy,
  }));
}

function running(state: State, { facts }: World): readonly OpenTask[] {
  const { status, subject, looking, review, coachAsked, terms } = state;
  if (status !== 'running') return [];
  const found = needs.flatMap((need) => {
    const since = looking[need]?.since;
    const dueAt = facts.findBy[need];
    return since === undefined ? [] : [{ kind: findTask[need], person: subject, since, dueAt }];
  });
  const { reviewDueAt, coachDueAt } = facts;
  const reviewing: readonly OpenTask[] =
    review === null
      ? []
      : [{ kind: 'plan.report', person: subject, since: review.since, dueAt: reviewDueAt }];
  const coach = terms?.coach ?? null;
  const coaching: readonly OpenTask[] =
    coachAsked === null || coach === null
      ? []
      : [{ kind: 'plan.coach', person: coach, since: coachAsked.since, dueAt: coachDueAt }];
  return [...found, ...reviewing, ...coaching];
}

const closing = (
  { status, manager: person, endedAt: since }: State,
  { facts: { closeDueAt: dueAt } }: World,
): readonly OpenTask[] =>
  status === 'closing' ? [{ kind: 'plan.close', person, since, dueAt }] : [];

const ranks = {
  drop: 0,
  replaceManager: 1,
  loseCoach: 2,
  hear: 3,
  remindAgree: 4,
  lapse: 5,
  remindNeed: 6,
  askReview: 7,
  lateReview: 8,
  remindCoach: 9,
  stall: 10,
  remindClose: 11,
  end: 12,
} as const;

const moment = (key: string | number, at: Instant, command: ClockCommand): Planned => ({
  id: `${command.type}/${key}`,
  at,
  rank: ranks[command.type],
  command,
});

function moments(state: State, world: World): readonly Planned[] {
  const { status, subject, changedAt } = state;
  if (status === 'new') return [];
  if (!world.person(subject).isActive) return [moment(changedAt, changedAt, { type: 'drop' })];
  const people = [...newManager(state, world), ...lostCoach(state, world)];
  if (people.length > 0) return people;
  return [
    ...agreeMoments(state, world),
    ...runningMoments(state, world),
    ...closingMoments(state, world),
  ];
}

/** Whoever leads the person now; who has left is followed by whoever stands above them. */
function newManager({ subject, manager, changedAt }: State, world: World): readonly Planned[] {
  const to = superiorOf(subject, world);
  if (to === null || to === manager || to === subject || !world.person(to).isActive) return [];
  const command = { type: 'replaceManager', from: manager, to } as const;
  return [moment(`${manager}/${changedAt}`, changedAt, command)];
}

/** Who has left, or has come to stand where they would coach themselves or whom they lead. */
function lostCoach(state: State, world: World): readonly Planned[] {
  const gone = coachesOf(state).find(
    (coach) => !world.person(coach).isActive || coach === state.manager,
  );
  if (gone === undefined) return [];
  const { changedAt } = state;
  return [moment(`${gone}/${changedAt}`, changedAt, { type: 'loseCoach', coach: gone })];
}

function agreeMoments(state: State, world: World): readonly Planned[] {
  const { pending } = state;
  const { agreeBy } = world.facts;
  if (pending === null || agreeBy === null) return [];
  const middle = halfWay(unagreedBy(state), { from: pending.since, until: agreeBy }, world);
  // Whoever follows a manager begins to read: their days are others, and the name of the moment too.
  const key = `${pending.number}/${pending.since}`;
  return [
    ...(pending.isReminded || middle === null
      ? []
      : [{ ...moment(key, middle.at, { type: 'remindAgree' }), of: middle.of }]),
    moment(key, agreeBy, { type: 'lapse' }),
  ];
}

function runningMoments(state: State, { facts }: World): readonly Planned[] {
  const { status, terms, reviewsAsked, review, coachAsked, stalledAt, number } = state;
  if (status !== 'running' || terms === null) return [];
  const { endsAt } = terms;
  const { reviewAt, reviewDueAt, coachDueAt, stallAt } = facts;
  const before = (at: Instant | null): at is Instant => at !== null && at < endsAt;
  return [
    ...needs.flatMap((need) => needMoments(state, need, facts.findBy[need])),
    ...((review === null || review.isLate) && before(reviewAt)
      ? [moment(reviewsAsked + 1, reviewAt, { type: 'askReview' })]
      : []),
    ...(review !== null && !review.isLate && before(reviewDueAt)
      ? [moment(review.number, reviewDueAt, { type: 'lateReview' })]
      : []),
    ...(coachAsked !== null && !coachAsked.isReminded && before(coachDueAt)
      ? [moment(coachAsked.number, coachDueAt, { type: 'remindCoach' })]
      : []),
    ...(stalledAt === null && before(stallAt) ? [moment(stallAt, stallAt, { type: 'stall' })] : []),
    moment(`${number}/${endsAt}`, endsAt, { type: 'end' }),
  ];
}

function needMoments({ looking }: State, need: Need, findBy: Instant | null): readonly Planned[] {
  const found = looking[need];
  if (found === null || found.isReminded || findBy === null) return [];
  return [moment(`${need}/${found.since}`, findBy, { type: 'remindNeed', need })];
}

function closingMoments({ status, closeReminders }: State, { facts }: World): readonly Planned[] {
  const { closeDueAt } = facts;
  if (status !== 'closing' || closeReminders >= closeRemindersMax || closeDueAt === null) return [];
  return [moment(closeReminders + 1, closeDueAt, { type: 'remindClose' })];
}
