/** Whom a review waits for, and what the clock does: until it meets, and until all of it is done. */
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { halfWay } from '../time/half-way.ts';
import { awaited, isQuorate } from './coming.ts';
import { reviewNotices } from './notices.ts';
import {
  type ClockCommand,
  isAhead,
  movesMax,
  type ReviewAction,
  type ReviewCommand,
  type ReviewEvent,
  type ReviewFacts,
  type ReviewState,
} from './state.ts';

type State = ReviewState;
type World = PlanningWorld<ReviewFacts>;
type Planned = Moment<ReviewCommand>;

export const reviewPlan: LoopPlan<State, ReviewCommand, ReviewEvent, ReviewFacts> = {
  parties,
  account: () => null,
  tasks,
  moments,
  notices: reviewNotices,
  contents,
  callsOff: ({ type }) => type === 'cancelled' || type === 'lapsed',
  isMaterial: ({ type }) => material.includes(type),
};

const material: readonly ReviewEvent['type'][] = [
  'opened',
  'moved',
  'met',
  'actionAdded',
  'actionPassed',
  'chairReplaced',
  'excused',
];

function parties({ status, participants, actions }: State): readonly PersonId[] {
  if (status === 'new') return [];
  return [...new Set([...participants, ...actions.map(({ owner }) => owner)])];
}

function contents(event: ReviewEvent): readonly ContentId[] {
  return 'content' in event && event.content !== null ? [event.content] : [];
}

function tasks(state: State, world: World): readonly OpenTask[] {
  const all = [...attending(state), ...concluding(state, world), ...acting(state)];
  return all.filter(({ person }) => world.person(person).isActive);
}

function attending(state: State): readonly OpenTask[] {
  if (!isAhead(state)) return [];
  const { proposedAt: since, slot } = state;
  return awaited(state).map((person) => ({
    kind: 'quarter.attend',
    person,
    since,
    dueAt: slot.from,
  }));
}

function concluding(state: State, { facts }: World): readonly OpenTask[] {
  if (state.status !== 'following' || state.isConcluded) return [];
  const { chair: person, metAt: since } = state;
  return [{ kind: 'quarter.conclude', person, since, dueAt: facts.concludeBy }];
}

const acting = (state: State): readonly OpenTask[] =>
  openActions(state).map(({ number, owner: person, since, dueAt }) => ({
    kind: `quarter.act/${number}`,
    person,
    since,
    dueAt,
  }));

const openActions = ({ actions }: State): readonly ReviewAction[] =>
  actions.filter(({ isDone }) => !isDone);

const ranks = {
  replaceChair: 0,
  excuse: 1,
  passAction: 2,
  remindAttend: 3,
  meet: 4,
  proposeAnew: 5,
  lapse: 6,
  remindConclude: 7,
  remindAction: 8,
  overdueAction: 9,
} as const;

const moment = (key: string | number, at: Instant, command: ClockCommand): Planned => ({
  id: `${command.type}/${key}`,
  at,
  rank: ranks[command.type],
  command,
});

function moments(state: State, world: World): readonly Planned[] {
  if (state.status === 'new') return [];
  const people = departures(state, world);
  if (people.length > 0) return people;
  return [
    ...meetingMoments(state, world),
    ...concludeMoments(state, world),
    ...openActions(state).flatMap((action) => actionMoments(action, world)),
  ];
}

/** Who has left takes no part; what they were to do goes to whoever stands above, else to the chair. */
function departures(state: State, world: World): readonly Planned[] {
  const { chair, participants, changedAt } = state;
  const hasLeft = (person: PersonId): boolean => !world.person(person).isActive;
  if (hasLeft(chair)) {
    const manager = world.facts.regionManager;
    const to = manager !== null && manager !== chair ? manager : superiorOf(chair, world);
    if (to === null) return [];
    return [moment(`${chair}/${changedAt}`, changedAt, { type: 'replaceChair', from: chair, to })];
  }
  const gone = participants.find(hasLeft);
  if (gone !== undefined && isAhead(state)) {
    return [moment(`${gone}/${changedAt}`, changedAt, { type: 'excuse', person: gone })];
  }
  const left = openActions(state).find(({ owner }) => hasLeft(owner));
  if (left === undefined) return [];
  const to = superiorOf(left.owner, world) ?? chair;
  const command = { type: 'passAction', number: left.number, to } as const;
  return [moment(`${left.number}/${changedAt}`, changedAt, command)];
}

/** Half way to the meeting those who have not said are reminded; at its end it has been, or is proposed anew. */
function meetingMoments(state: State, world: World): readonly Planned[] {
  if (!isAhead(state)) return [];
  const { facts } = world;
  const { slot, number, proposedAt, isReminded, status } = state;
  const middle = halfWay(awaited(state), { from: proposedAt, until: slot.from }, world);
  const reminder =
    isReminded || status === 'confirmed' || middle === null
      ? []
      : [{ ...moment(number, middle.at, { type: 'remindAttend' }), of: middle.of }];
  if (isQuorate(state)) return [...reminder, moment(number, slot.until, { type: 'meet' })];
  const { nextSlot } = facts;
  const next: ClockCommand =
    number < movesMax && nextSlot !== null
      ? { type: 'proposeAnew', slot: nextSlot }
      : { type: 'lapse' };
  return [...reminder, moment(number, slot.from, next)];
}

function concludeMoments(state: State, { facts }: World): readonly Planned[] {
  const { status, isConcluded, isConcludeReminded, number } = state;
  const { concludeBy } = facts;
  if (status !== 'following' || isConcluded || isConcludeReminded || concludeBy === null) return [];
  return [moment(number, concludeBy, { type: 'remindConclude' })];
}

function actionMoments(action: ReviewAction, world: World): readonly Planned[] {
  const { number, owner, since, dueAt, isReminded, isOverdue } = action;
  const middle = halfWay([owner], { from: since, until: dueAt }, world);
  return [
    ...(isReminded || isOverdue || middle === null
      ? []
      : [{ ...moment(number, middle.at, { type: 'remindAction', number }), of: owner }]),
    ...(isOverdue ? [] : [moment(number, dueAt, { type: 'overdueAction', number })]),
  ];
}
