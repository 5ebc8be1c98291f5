/** Whom a practice waits for, and what the clock does: who is asked, reminded, followed, and verifies. */
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { Refusal } from '../problem.ts';
import { ableFor } from './able.ts';
import { askedPeople, dutyKey, type OpenAsk, openAsks } from './asks.ts';
import { practiceNotices } from './notices.ts';
import {
  allowanceMinutes,
  type Assignment,
  type ClockCommand,
  type Duty,
  type PracticeCommand,
  type PracticeEvent,
  type PracticeFacts,
  type PracticeState,
  reminderPercents,
  verificationDaysByDefault,
} from './state.ts';

type World = PlanningWorld<PracticeFacts>;
type Planned = Moment<PracticeCommand>;

const dayMs = 86_400_000;

/** What was read and decided upon; not what was asked, nor what somebody says of it. */
const immaterial: readonly PracticeEvent['type'][] = [
  'judged',
  'reminded',
  'assigned',
  'passedOn',
  'escalated',
];

export const practicePlan: LoopPlan<PracticeState, PracticeCommand, PracticeEvent, PracticeFacts> =
  {
    parties,
    // Whoever reads it may propose: that opens nothing to them that nobody has reviewed.
    hearers: ({ translations }) => translations.flatMap(({ proposer }) => proposer ?? []),
    account: () => null,
    tasks,
    moments,
    notices: practiceNotices,
    contents,
    isMaterial: ({ type }) => !immaterial.includes(type),
  };

function parties({
  status,
  author,
  reviews,
  translations,
  duties,
}: PracticeState): readonly PersonId[] {
  if (status === 'new') return [];
  const named = [
    author,
    ...reviews.flatMap((review) => [review.by, ...askedPeople(review)]),
    ...translations.flatMap((one) => [one.approver, ...askedPeople(one)]),
    ...duties.flatMap((duty) => [duty.expert, ...askedPeople(duty)]),
  ];
  return [...new Set(named.filter((id) => id !== null))];
}

function contents(event: PracticeEvent): readonly ContentId[] {
  switch (event.type) {
    case 'drafted':
      return [event.terms.content];
    case 'revised':
      return [event.terms.content, ...(event.correction ? [event.correction.note] : [])];
    case 'translated':
      return [event.content];
    case 'judged':
      return event.content === null ? [] : [event.content];
    case 'reviewed':
    case 'verified':
      return event.note === null ? [] : [event.note];
    case 'translationRefused':
    case 'withdrawn':
      return [event.note];
    case 'submitted':
    case 'assigned':
    case 'reminded':
    case 'passedOn':
    case 'escalated':
    case 'cleared':
    case 'expertNamed':
    case 'handedOn':
    case 'fellDue':
    case 'lapsed':
    case 'reopened':
    case 'translationApproved':
      return [];
  }
}

function tasks(state: PracticeState, world: World): readonly OpenTask[] {
  return openAsks(state).flatMap((open) => {
    const { person, since } = open.ask;
    if (person === null || !world.person(person).isActive) return [];
    return [{ kind: `practice.${open.key}`, person, since, dueAt: workedBy(open, 100, world) }];
  });
}

/** Null for whoever never works. */
function workedBy({ ask, allowance }: OpenAsk, percent: number, world: World): Instant | null {
  if (ask.person === null) return null;
  try {
    const minutes = (allowanceMinutes[allowance] * percent) / 100;
    return world.working(ask.person).add(ask.since, minutes);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

const ranks = {
  assign: 0,
  handOn: 1,
  remind: 3,
  pass: 4,
  escalate: 5,
  fallDue: 6,
  lapse: 7,
} as const;

const moment = (id: string, at: Instant, command: ClockCommand, of?: PersonId | null): Planned => ({
  id: `${command.type}/${id}`,
  at,
  rank: ranks[command.type],
  command,
  ...(of && { of }),
});

function moments(state: PracticeState, world: World): readonly Planned[] {
  if (state.status !== 'open') return [];
  return [
    ...assigning(state, world),
    ...state.duties.flatMap((duty) => verifying(duty, state, world)),
    ...openAsks(state).flatMap((open) => asking(open, state, world)),
  ];
}

/** All at once, as soon as somebody is lacking. Duties are handed on in their own way. */
function assigning(state: PracticeState, world: World): readonly Planned[] {
  const lacking = openAsks(state).flatMap(({ key, ask, allowance, country }): Assignment[] => {
    if (allowance === 'verification') return [];
    const able = ableFor(state, key, world.facts.cleared);
    // Whoever is asked can still do it: they are here, and cleared.
    if (ask.person !== null && able.includes(ask.person)) return [];
    const to = able.find((person) => !ask.passed.includes(person)) ?? able[0] ?? null;
    if (to !== null) return [{ key, to, steward: null }];
    const steward = stewardOf(country, world);
    // Nobody could, and whoever could change that has been told.
    return ask.person === null && ask.steward !== null ? [] : [{ key, to, steward }];
  });
  if (lacking.length === 0) return [];
  const isNews = lacking.some(({ to, steward }) => to !== null || steward !== null);
  if (!isNews) return [];
  return [moment(`${state.turn}`, state.changedAt, { type: 'assign', assignments: lacking })];
}

const stewardOf = (country: string | null, { facts }: World): PersonId | null => {
  const [first] = Object.keys(facts.stewards);
  return facts.stewards[country ?? first ?? ''] ?? null;
};

function asking(open: OpenAsk, state: PracticeState, world: World): readonly Planned[] {
  const { key, ask, allowance, country } = open;
  const { person, since } = ask;
  if (person === null) return [];
  const reminders = reminderPercents.slice(ask.reminders).flatMap((percent): Planned[] => {
    const at = workedBy(open, percent, world);
    const id = `${key}/${percent}/${since}`;
    return at === null ? [] : [moment(id, at, { type: 'remind', key, percent }, person)];
  });
  const end = workedBy(open, 100, world) ?? since;
  if (allowance === 'verification') {
    const duty = state.duties.find((one) => dutyKey(one) === key);
    if (duty?.status !== 'due') return reminders;
    const to = stewardOf(country, world);
    const lapse = { type: 'lapse', country: duty.country, to } as const;
    return [...reminders, moment(`${key}/${since}`, end, lapse, person)];
  }
  const next = ableFor(state, key, world.facts.cleared).find(
    (one) => one !== person && !ask.passed.includes(one),
  );
  if (next !== undefined) {
    const pass = { type: 'pass', key, to: next } as const;
    return [...reminders, moment(`${key}/${since}`, end, pass, person)];
  }
  if (ask.isEscalated) return reminders;
  const escalate = { type: 'escalate', key, to: stewardOf(country, world) } as const;
  return [...reminders, moment(`${key}/${since}`, end, escalate, person)];
}

function verifying(duty: Duty, state: PracticeState, world: World): readonly Planned[] {
  const { country, expert, verifiedAt, status } = duty;
  const key = dutyKey(duty);
  const able = ableFor(state, key, world.facts.cleared);
  // Whoever leaves, or is not cleared any more, hands it on; at last to whoever manages the region.
  const to = able.includes(expert) ? expert : (able[0] ?? stewardOf(country, world) ?? expert);
  const days = world.facts.verificationDays[country] ?? verificationDaysByDefault;
  const dueAt = verifiedAt + days * dayMs;
  // Of an author at once would tell who wrote it: like one who finds no time, they do when it is due.
  const isAuthor = expert === state.author;
  const handsOnAt = isAuthor ? Math.max(dueAt, state.changedAt + dayMs) : state.changedAt;
  const handOn =
    to === expert
      ? []
      : [moment(`${country}/${state.turn}`, handsOnAt, { type: 'handOn', country, to })];
  if (status !== 'current') return handOn;
  return [...handOn, moment(`${country}/${verifiedAt}`, dueAt, { type: 'fallDue', country })];
}
