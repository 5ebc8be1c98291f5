/** Whom a round waits for, and what the clock does: asking a few at a time, reminding, and closing. */
import type { PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { Refusal } from '../problem.ts';
import { roundNotices } from './notices.ts';
import { nextAsk } from './stagger.ts';
import {
  type ClockCommand,
  nominationMinutes,
  type Rater,
  type RoundCommand,
  type RoundEvent,
  type RoundFacts,
  type RoundState,
} from './state.ts';

type World = PlanningWorld<RoundFacts>;
type Planned = Moment<RoundCommand>;

export const roundPlan: LoopPlan<RoundState, RoundCommand, RoundEvent, RoundFacts> = {
  parties,
  account: () => null,
  tasks,
  moments,
  notices: roundNotices,
  contents: () => [],
  callsOff: ({ type }) => type === 'cancelled',
  isMaterial: ({ type }) => type === 'nominated' || type === 'released' || type === 'passedOn',
};

function parties(state: RoundState): readonly PersonId[] {
  if (state.status === 'new') return [];
  const { subject, starter, manager, raters } = state;
  return [...new Set([subject, starter, manager, ...raters.map(({ person }) => person)])];
}

function tasks(state: RoundState, world: World): readonly OpenTask[] {
  const { status, subject, manager, since, closesAt } = state;
  switch (status) {
    case 'nominating':
      return [
        { kind: 'feedback.nominate', person: subject, since, dueAt: workedBy(state, 100, world) },
      ];
    case 'reviewing':
      return [
        { kind: 'feedback.release', person: manager, since, dueAt: workedBy(state, 100, world) },
      ];
    case 'open':
      return state.raters
        .filter((rater) => rater.status === 'asked' && world.person(rater.person).isActive)
        .map(({ person, askedAt }) => ({
          kind: 'feedback.give',
          person,
          since: askedAt ?? since,
          dueAt: closesAt,
        }));
    case 'new':
    case 'closed':
    case 'cancelled':
      return [];
  }
}

/** Of the working time of whoever names or settles; null for whoever never works. */
function workedBy(
  { status, subject, manager, since }: RoundState,
  percent: number,
  world: World,
): Instant | null {
  try {
    const person = status === 'nominating' ? subject : manager;
    return world.working(person).add(since, (nominationMinutes * percent) / 100);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

const ranks = {
  drop: 0,
  passOn: 1,
  ask: 2,
  remind: 3,
  remindRater: 4,
  lapse: 5,
  close: 6,
} as const;

const moment = (id: string, at: Instant, command: ClockCommand): Planned => ({
  id: `${command.type}/${id}`,
  at,
  rank: ranks[command.type],
  command,
});

function moments(state: RoundState, world: World): readonly Planned[] {
  const { status, subject, closesAt, changedAt } = state;
  if (status === 'new' || status === 'closed' || status === 'cancelled') return [];
  if (!world.person(subject).isActive) {
    return [moment(subject, changedAt, { type: 'drop' })];
  }
  const open = status === 'open' ? asking(state, world) : settling(state, world);
  return [...open, moment('end', closesAt, { type: 'close' })];
}

/** Whoever settles and has left is followed by whoever stands above them. */
function settling(state: RoundState, world: World): readonly Planned[] {
  const { status, manager, since } = state;
  if (status === 'reviewing' && !world.person(manager).isActive) {
    const to = superiorOf(manager, world);
    if (to === null || to === state.subject) return [];
    return [moment(`${manager}/${since}`, state.changedAt, { type: 'passOn', to })];
  }
  const half = workedBy(state, 50, world);
  const whole = workedBy(state, 100, world);
  const lapse = status === 'nominating' ? whole : null;
  return [
    ...(half === null || state.isReminded
      ? []
      : [moment(`${since}`, half, { type: 'remind', since })]),
    ...(lapse === null ? [] : [moment(`${since}`, lapse, { type: 'lapse', since })]),
  ];
}

const asking = (state: RoundState, world: World): readonly Planned[] =>
  state.raters
    .filter(({ person }) => world.person(person).isActive)
    .flatMap((rater) => raterMoments(state, rater, world));

function raterMoments(
  { changedAt, closesAt }: RoundState,
  { person, status, askedAt, isReminded }: Rater,
  world: World,
): readonly Planned[] {
  if (status === 'waiting') {
    const at = nextAsk(world.facts.asks[person] ?? [], changedAt);
    return at < closesAt ? [moment(`${person}/${at}`, at, { type: 'ask', person })] : [];
  }
  if (status !== 'asked' || isReminded || askedAt === null) return [];
  const at = nextWorking(person, Math.round((askedAt + closesAt) / 2), world);
  return at !== null && at < closesAt
    ? [{ ...moment(person, at, { type: 'remindRater', person }), of: person }]
    : [];
}

function nextWorking(person: PersonId, at: Instant, world: World): Instant | null {
  try {
    return world.working(person).nextWorking(at);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
