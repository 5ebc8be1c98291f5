/** Whom a budget request waits for, and what the clock does; it decides nothing. */
import { present } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { usedUpAt, workedFrom } from './clock.ts';
import { budgetNotices, budgetRelieves } from './notices.ts';
import { decidedBefore, isIn, remindedOf, reseat, seatsOfMany } from './seats.ts';
import {
  closeOutReminderMinutes,
  closeOutRemindersMax,
  currentStep,
  isExceptionStep,
  openSeats,
  remindersMax,
  type BudgetClockCommand,
  type BudgetCommand,
  type BudgetEvent,
  type BudgetFacts,
  type BudgetState,
  type Seat,
} from './state.ts';

type World = PlanningWorld<BudgetFacts>;
type Planned = Moment<BudgetCommand>;

export const budgetPlan: LoopPlan<BudgetState, BudgetCommand, BudgetEvent, BudgetFacts> = {
  parties,
  account: () => null,
  isDelegated: true,
  waiting: ({ requester }) => requester,
  tasks,
  moments,
  notices: budgetNotices,
  relieves: budgetRelieves,
  contents,
  isMaterial: ({ type }) => !immaterial.includes(type),
};

/** Nobody decides upon a reminder, or upon who else is asked. */
const immaterial: readonly BudgetEvent['type'][] = [
  'reminded',
  'overdue',
  'rerouted',
  'closeOutReminded',
];

function parties(state: BudgetState): readonly PersonId[] {
  if (state.status === 'new') return [];
  const seated = state.steps.flatMap(({ seats }) =>
    seats.flatMap(({ person, added, decidedBy }) => [person, added, decidedBy]),
  );
  const { question, decided } = state;
  const named = [state.requester, ...seated, question?.by ?? null, decided?.by ?? null];
  return [...new Set(named.filter((id) => id !== null))];
}

function contents(event: BudgetEvent): readonly ContentId[] {
  if (event.type === 'submitted') return [event.request];
  if (!('content' in event)) return [];
  const lesson = event.type === 'completed' ? event.lesson : null;
  return lesson === null ? [event.content] : [event.content, lesson];
}

/** Who is asked for a seat now; never somebody who may not decide here, or has a voice of their own. */
function askedOf(state: BudgetState, person: PersonId, world: World): PersonId {
  const decider = world.decider(person);
  if (decider === person || world.facts.barred.includes(decider)) return person;
  const others = seatsOfMany(state).filter((seat) => !isIn(seat, person));
  return others.some((seat) => isIn(seat, decider)) ? person : decider;
}

/** Their allowance; once it is over, the time until the request lapses. */
function seatDueAt(state: BudgetState, seat: Seat, world: World): Instant | null {
  if (state.status !== 'waiting') return null;
  return seat.overdueAt === null ? allowanceEndsAt(state, seat, world) : lapsesAt(state, world);
}

const allowanceEndsAt = (
  state: BudgetState,
  { person, since }: Seat,
  world: World,
  share = 1,
): Instant | null =>
  usedUpAt(world.working(askedOf(state, person, world)), {
    runs: state.runs,
    since,
    minutes: Math.ceil(state.terms.allowanceMinutes * share),
  });

/** Null while somebody still has time of their own. */
function lapsesAt(state: BudgetState, world: World): Instant | null {
  const open = openSeats(state);
  const ends = open.map(({ person, added, overdueAt }) =>
    overdueAt === null
      ? null
      : usedUpAt(world.working(askedOf(state, added ?? person, world)), {
          runs: state.runs,
          since: overdueAt,
          minutes: state.terms.lapseMinutes,
        }),
  );
  const known = ends.filter((at) => at !== null);
  return known.length === ends.length && known.length > 0 ? Math.max(...known) : null;
}

function tasks(state: BudgetState, world: World): readonly OpenTask[] {
  const asked = seatTasks(state, world);
  if (state.status === 'questioned') {
    const { at: since } = present(state.question, 'the open question');
    const person = actsFor(state.requester, world);
    return [
      ...asked,
      { kind: 'budgetRequest.answer', person, since, dueAt: answerDueAt(state, world) },
    ];
  }
  if (state.status !== 'approved') return asked;
  const since = present(state.decided, 'the decision').at;
  const person = actsFor(state.requester, world);
  return [{ kind: 'budgetRequest.close_out', person, since, dueAt: closeOutDueAt(state, world) }];
}

/** Everybody once, however many seats are theirs. */
function seatTasks(state: BudgetState, world: World): readonly OpenTask[] {
  const kind = isExceptionStep(currentStep(state))
    ? 'budgetRequest.except'
    : 'budgetRequest.decide';
  const byPerson = new Map<PersonId, OpenTask>();
  for (const seat of openSeats(state)) {
    const dueAt = seatDueAt(state, seat, world);
    for (const principal of [seat.person, seat.added]) {
      if (principal === null) continue;
      const person = askedOf(state, principal, world);
      if (byPerson.has(person) || !world.person(person).isActive) continue;
      const since = principal === seat.person ? seat.since : (seat.overdueAt ?? seat.since);
      const given = person === principal ? {} : { inPlaceOf: principal };
      byPerson.set(person, { kind, person, ...given, since, dueAt });
    }
  }
  return [...byPerson.values()];
}

/** Whoever closes a request of somebody who has left. */
const actsFor = (requester: PersonId, world: World): PersonId =>
  world.person(requester).isActive ? requester : (superiorOf(requester, world) ?? requester);

const answerDueAt = (state: BudgetState, world: World): Instant =>
  workedFrom(
    world.working(actsFor(state.requester, world)),
    present(state.question, 'the open question').at,
    state.terms.answerMinutes,
  );

export function closeOutDueAt(state: BudgetState, world: World): Instant {
  const granted = state.grantedAt ?? present(state.decided, 'the decision').at;
  const from = Math.max(state.endsAt, granted);
  const working = world.working(actsFor(state.requester, world));
  return workedFrom(working, from, state.terms.closeOutMinutes);
}

const ranks = {
  reroute: 0,
  remind: 1,
  overdue: 2,
  lapseQuestion: 3,
  lapse: 4,
  closeOut: 5,
} as const;

interface Due {
  readonly name: string;
  readonly at: Instant | null;
  readonly rank: number;
  readonly command: BudgetClockCommand;
  readonly of?: PersonId;
}

const moment = ({ name, at, rank, command, of }: Due): readonly Planned[] =>
  at === null ? [] : [{ id: name, at, rank, command, ...(of !== undefined && { of }) }];

function moments(state: BudgetState, world: World): readonly Planned[] {
  const steps = reseat(state, world.facts);
  if (steps) {
    const name = `reroute/${state.reroutes}`;
    const command = { type: 'reroute', steps } as const;
    return moment({ name, at: state.changedAt, rank: ranks.reroute, command });
  }
  switch (state.status) {
    case 'waiting':
      return [
        ...openSeats(state).flatMap((seat) => asking(state, seat, world)),
        ...lapsing(state, world),
      ];
    case 'questioned': {
      const name = `lapseQuestion/${state.questions}/${state.runs[0]?.from ?? 0}`;
      const [of, at] = [actsFor(state.requester, world), answerDueAt(state, world)];
      return moment({
        name,
        at,
        rank: ranks.lapseQuestion,
        command: { type: 'lapseQuestion' },
        of,
      });
    }
    case 'approved':
      return closingOut(state, world);
    case 'new':
    case 'completed':
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      return [];
  }
}

function asking(state: BudgetState, seat: Seat, world: World): readonly Planned[] {
  const { person, since, overdueAt } = seat;
  if (overdueAt !== null) return [];
  const to = isExceptionStep(currentStep(state)) ? null : nextAbove(state, person, world);
  const overdue: Due = {
    name: `overdue/${person}/${since}`,
    at: allowanceEndsAt(state, seat, world),
    rank: ranks.overdue,
    command: { type: 'overdue', person, to },
    of: askedOf(state, person, world),
  };
  return [...reminding(state, seat, world), ...moment(overdue)];
}

/** At half of the allowance; whoever decides for them from later on, at half of what was left then. */
function reminding(state: BudgetState, seat: Seat, world: World): readonly Planned[] {
  const { person, since } = seat;
  const [of, told] = [askedOf(state, person, world), remindedOf(seat)];
  if (told.includes(of) || told.length >= remindersMax) return [];
  const isOwn = of === person;
  return moment({
    name: `remind/${person}/${since}${isOwn ? '' : `/${of}`}`,
    at: allowanceEndsAt(state, seat, world, 1 - 0.5 ** (told.length + 1)),
    rank: ranks.remind,
    command: { type: 'remind', person, ...(!isOwn && { to: of }) },
    of,
  });
}

/** The nearest who has not agreed before, nor has a voice there where more than one is needed. */
function nextAbove(state: BudgetState, person: PersonId, world: World): PersonId | null {
  const taken = [...decidedBefore(state), ...seatsOfMany(state)];
  const above = world.facts.superiors[person] ?? [];
  return above.find((one) => !taken.some((seat) => isIn(seat, one))) ?? null;
}

function lapsing(state: BudgetState, world: World): readonly Planned[] {
  const last = openSeats(state).at(-1);
  const at = lapsesAt(state, world);
  if (!last || at === null) return [];
  const name = `lapse/${Math.max(...openSeats(state).map(({ overdueAt }) => overdueAt ?? 0))}`;
  const of = askedOf(state, last.added ?? last.person, world);
  return moment({ name, at, rank: ranks.lapse, command: { type: 'lapse' }, of });
}

function closingOut(state: BudgetState, world: World): readonly Planned[] {
  const { closeOutReminders: told } = state;
  if (told >= closeOutRemindersMax) return [];
  const of = actsFor(state.requester, world);
  const due = closeOutDueAt(state, world);
  const at = told === 0 ? due : workedFrom(world.working(of), due, told * closeOutReminderMinutes);
  const name = `closeOut/${told}`;
  return moment({ name, at, rank: ranks.closeOut, command: { type: 'remindCloseOut' }, of });
}
