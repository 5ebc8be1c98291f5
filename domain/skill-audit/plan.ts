/** Whom an audit waits for, and what the clock does: reminding, passing on, and closing. */
import type { PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { Refusal } from '../problem.ts';
import { auditNotices } from './notices.ts';
import {
  type AuditCommand,
  type AuditEvent,
  type AuditFacts,
  type AuditRater,
  type AuditState,
  type ClockCommand,
  ratingMinutes,
  reminderPercents,
  type Waiting,
} from './state.ts';

type World = PlanningWorld<AuditFacts>;
type Planned = Moment<AuditCommand>;

export const auditPlan: LoopPlan<AuditState, AuditCommand, AuditEvent, AuditFacts> = {
  parties,
  account: () => null,
  tasks,
  moments,
  notices: auditNotices,
  contents: (event) => (event.type === 'rated' ? [event.sheet] : []),
  isMaterial: ({ type }) => type === 'opened' || type === 'passedOn',
};

function parties({ status, owner, raters }: AuditState): readonly PersonId[] {
  if (status === 'new') return [];
  return [...new Set([owner, ...raters.map(({ person }) => person)])];
}

function tasks(state: AuditState, world: World): readonly OpenTask[] {
  return state.raters
    .filter(({ person }) => world.person(person).isActive)
    .map((rater) => ({
      kind: 'skillAudit.rate_people',
      person: rater.person,
      since: rater.since,
      dueAt: earlier(workedBy(rater, 100, world), state.closesAt),
    }));
}

const earlier = (at: Instant | null, end: Instant): Instant => Math.min(at ?? end, end);

/** Of the working time of whoever rates; null for whoever never works. */
function workedBy({ person, since }: AuditRater, percent: number, world: World): Instant | null {
  try {
    return world.working(person).add(since, (ratingMinutes * percent) / 100);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

const ranks = { drop: 0, passOn: 1, remind: 2, close: 3 } as const;

const moment = (id: string, at: Instant, command: ClockCommand): Planned => ({
  id: `${command.type}/${id}`,
  at,
  rank: ranks[command.type],
  command,
});

function moments(state: AuditState, world: World): readonly Planned[] {
  if (state.status !== 'rating') return [];
  const gone = waitingNow(state, world)
    .filter(({ hasLeft }) => hasLeft)
    .map(({ person, rater }) =>
      moment(`${person}/${rater}`, state.changedAt, { type: 'drop', person, rater }),
    );
  return [
    ...gone,
    ...state.raters.flatMap((rater) => ofRater(state, rater, world)),
    moment('end', state.closesAt, { type: 'close' }),
  ];
}

/** Whoever has left is followed at once; whoever stays silent is reminded, and then followed. */
function ofRater(state: AuditState, rater: AuditRater, world: World): readonly Planned[] {
  const { person, since, reminders, isLast } = rater;
  const follows = followerOf(state, person, world);
  const pass = (at: Instant): readonly Planned[] =>
    follows === null
      ? []
      : [moment(`${person}/${since}`, at, { type: 'passOn', from: person, to: follows })];
  if (!world.person(person).isActive) return pass(state.changedAt);
  const whole = workedBy(rater, 100, world);
  const reminding = reminderPercents.slice(reminders, reminders + 1).flatMap((percent) => {
    const at = workedBy(rater, percent, world);
    if (at === null || at >= state.closesAt) return [];
    const command: ClockCommand = { type: 'remind', person, number: reminders };
    return [{ ...moment(`${person}/${since}/${reminders}`, at, command), of: person }];
  });
  const isPassed = !isLast && whole !== null && whole < state.closesAt;
  return [...reminding, ...(isPassed ? pass(whole).map((one) => ({ ...one, of: person })) : [])];
}

/** As it will be once this step is kept. */
function waitingNow({ lately }: AuditState, world: World): readonly Waiting[] {
  const { waiting } = world.facts;
  if (lately === null) return waiting;
  if ('settled' in lately) return waiting.filter(({ person }) => person !== lately.settled);
  const { from, to } = lately;
  return waiting.map((one) => (one.rater === from ? { ...one, rater: to } : one));
}

/** The nearest above who is there, then whoever looks after it; never one of those to be rated. */
function followerOf(state: AuditState, person: PersonId, world: World): PersonId | null {
  const rated = waitingNow(state, world)
    .filter(({ rater }) => rater === person)
    .map((waiting) => waiting.person);
  const candidates = [superiorOf(person, world), state.owner];
  return (
    candidates.find(
      (one) => one !== null && one !== person && world.person(one).isActive && !rated.includes(one),
    ) ?? null
  );
}
