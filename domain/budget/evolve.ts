/** What each event makes of the state. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { agreedIn, isOneEnough, remindedOf } from './seats.ts';
import {
  openSeats,
  type BudgetEvent,
  type BudgetState,
  type Instalment,
  type Run,
  type Seat,
  type SeatedStep,
  type StepPeople,
} from './state.ts';

export function evolveBudget(state: BudgetState, event: BudgetEvent, at: Instant): BudgetState {
  const next: BudgetState = { ...state, changedAt: at };
  switch (event.type) {
    case 'submitted': {
      const { type: _, by: __, steps, instalments, ...submission } = event;
      const kept = instalments.map((one) => ({ ...one, spent: null }));
      return begin({ ...next, ...submission, instalments: kept }, steps, at);
    }
    case 'approved':
      return agreed(state, next, event);
    case 'excepted':
      return advance(decidedBy(next, event), at);
    case 'rejected':
      return undecided({ ...next, decided: { by: event.by, at } }, 'rejected');
    case 'lapsed':
      return undecided(next, 'lapsed');
    case 'withdrawn':
      return { ...next, ...state.raise?.before, status: 'withdrawn', raise: null, runs: [] };
    case 'asked': {
      const question = { by: event.by, at };
      const questions = state.questions + 1;
      return { ...next, status: 'questioned', question, questions, runs: stopped(state.runs, at) };
    }
    case 'answered':
    case 'questionLapsed':
      return { ...next, status: 'waiting', question: null, runs: running(state.runs, at) };
    case 'proven':
      return { ...next, instalments: changed(state, event.instalment, { spent: event.minor }) };
    case 'raised': {
      return raised(state, next, event);
    }
    case 'completed':
      return { ...next, status: 'completed' };
    case 'reminded':
      return reminded(next, event);
    case 'overdue':
      return withSeat(next, event.person, { isReminded: true, overdueAt: at, added: event.to });
    case 'closeOutReminded':
      return { ...next, closeOutReminders: state.closeOutReminders + 1 };
    case 'rerouted':
      return reroute(next, event.steps, at);
  }
}

function reminded(
  state: BudgetState,
  { person, to = person }: Extract<BudgetEvent, { type: 'reminded' }>,
): BudgetState {
  const seat = present(
    openSeats(state).find((one) => one.person === person),
    'the seat of whoever is reminded',
  );
  const remindedTo = [...remindedOf(seat), to];
  return withSeat(state, person, { isReminded: true, remindedTo });
}

type SeatedPerson = StepPeople['people'][number];

const seat = ({ person, insteadOf }: SeatedPerson, since: Instant): Seat => ({
  person,
  insteadOf,
  since,
  isReminded: false,
  overdueAt: null,
  added: null,
  decidedBy: null,
});

/** The first step that asks anybody begins; the clocks of later ones begin when they are reached. */
function begin(state: BudgetState, people: readonly StepPeople[], at: Instant): BudgetState {
  const steps = people.map(({ people: asked, ...step }) => ({
    ...step,
    seats: asked.map((one) => seat(one, at)),
  }));
  return enter({ ...state, steps, question: null, questions: 0 }, 0, at);
}

function enter(state: BudgetState, from: number, at: Instant): BudgetState {
  const before = state.steps.slice(0, from);
  let ahead = -1;
  const steps = state.steps.map((step, index) => {
    if (index < from) return step;
    const agreed = agreedIn(before, state.rules[index]);
    const counting = withoutAgreed(step, agreed, at);
    if (ahead >= 0) return counting;
    const missed = withMissing(counting, agreed, at);
    const isOne = missed.needs > 1 && isOneEnough(state.rules[index]);
    const reached = isOne ? { ...missed, needs: 1 } : missed;
    if (reached.needs > 0) ahead = index;
    return reached;
  });
  if (ahead < 0) return approved({ ...state, steps });
  return { ...state, status: 'waiting', steps, current: ahead, runs: [{ from: at, until: null }] };
}

/** Whoever has agreed in an earlier step is not asked again: it counts here too. */
function withoutAgreed(step: SeatedStep, agreed: ReadonlySet<PersonId>, at: Instant): SeatedStep {
  const rest = step.seats.filter((one) => !agreed.has(one.person));
  const given = step.seats.length - rest.length;
  const seats = rest.map((one) => ({ ...one, since: at }));
  const gone = step.seats.filter((one) => agreed.has(one.person));
  const leftOut = [
    ...(step.leftOut ?? []),
    ...gone.map(({ person }) => ({ person, why: 'asked_before' as const })),
  ];
  const needs = Math.max(0, step.needs - given);
  return { ...step, needs, seats, ...(leftOut.length > 0 && { leftOut }) };
}

/** Whoever was to agree before this step was reached, and has not, is asked in it. */
function withMissing(step: SeatedStep, agreed: ReadonlySet<PersonId>, at: Instant): SeatedStep {
  const { counted = [], ...rest } = step;
  const known = new Set([...agreed, ...step.seats.map(({ person }) => person)]);
  const missing = counted.filter((person) => !known.has(person));
  if (missing.length === 0) return step;
  const seats = missing.map((person) => seat({ person, insteadOf: null }, at));
  return { ...rest, needs: step.needs + missing.length, seats: [...step.seats, ...seats] };
}

/** As a request for the whole amount, whose rules hold from now on; those of before, if it is refused. */
function raised(
  state: BudgetState,
  next: BudgetState,
  { instalment, minor, raisedBy, route }: Extract<BudgetEvent, { type: 'raised' }>,
): BudgetState {
  const { policy, rules, routed, isSplit, isException } = state;
  const raises = state.raises + 1;
  const raise = { instalment, minor, ...(raisedBy && { by: raisedBy }) };
  if (!route) return begin({ ...next, raise, raises }, peopleOf(state), next.changedAt);
  const { steps, ...ruling } = route;
  const before = { policy, rules, routed, isSplit, isException };
  const asked = { ...next, ...ruling, isLowered: false, raise: { ...raise, before }, raises };
  return begin(asked, steps, next.changedAt);
}

/** Of a raise: what it asked for is granted. */
function approved(state: BudgetState): BudgetState {
  const { raise, grantedAt = state.changedAt } = state;
  const instalments = raise
    ? changed(state, raise.instalment, { minor: raise.minor })
    : state.instalments;
  const ended = { raise: null, question: null, runs: [] };
  return { ...state, ...ended, status: 'approved', grantedAt, instalments };
}

/** What was granted before a raise stays granted. */
const undecided = (state: BudgetState, status: 'rejected' | 'lapsed'): BudgetState => ({
  ...state,
  ...state.raise?.before,
  status: state.raise === null ? status : 'approved',
  raise: null,
  question: null,
  runs: [],
});

function agreed(
  state: BudgetState,
  next: BudgetState,
  event: Extract<BudgetEvent, { type: 'approved' }>,
): BudgetState {
  const { amounts } = event;
  if (amounts === null) return advance(decidedBy(next, event), next.changedAt);
  const instalments = state.instalments.map((one, index) => ({
    ...one,
    minor: amounts[index] ?? one.minor,
  }));
  return advance(decidedBy({ ...next, instalments, isLowered: true }, event), next.changedAt);
}

function decidedBy(
  state: BudgetState,
  { by, spokenBy }: Extract<BudgetEvent, { type: 'approved' | 'excepted' }>,
): BudgetState {
  const at = state.changedAt;
  const open = openSeats(state);
  const { person } = present(
    open.find((one) => one.person === by) ?? open.find(({ added }) => added === by),
    'the seat of whoever decides',
  );
  const decided = withSeat(state, person, { decidedBy: by, ...(spokenBy && { spokenBy }) });
  const runs = state.status === 'questioned' ? running(state.runs, at) : state.runs;
  return { ...decided, decided: { by, at }, status: 'waiting', question: null, runs };
}

function advance(state: BudgetState, at: Instant): BudgetState {
  const step = present(state.steps[state.current], 'the current step');
  const agreements = step.seats.filter((one) => one.decidedBy !== null).length;
  return agreements >= step.needs ? enter(state, state.current + 1, at) : state;
}

function withSeat(state: BudgetState, person: PersonId, change: Partial<Seat>): BudgetState {
  const steps = state.steps.map((step, index) =>
    index === state.current
      ? {
          ...step,
          seats: step.seats.map((one) => (one.person === person ? { ...one, ...change } : one)),
        }
      : step,
  );
  return { ...state, steps };
}

const peopleOf = ({ steps }: BudgetState): readonly StepPeople[] =>
  steps.map(({ name, needs, seats }) => ({
    name,
    needs,
    people: seats.map(({ person, insteadOf }) => ({ person, insteadOf })),
  }));

/** Whoever stays keeps their clock; whoever comes begins now. What is decided stays decided. */
function reroute(state: BudgetState, people: readonly StepPeople[], at: Instant): BudgetState {
  const steps: readonly SeatedStep[] = state.steps.map((step, index) => {
    const live = people[index];
    if (index < state.current || !live) return step;
    const known = new Map(step.seats.map((one) => [one.person, one]));
    return {
      name: step.name,
      needs: live.needs,
      ...(live.counted && { counted: live.counted }),
      ...kept(live.leftOut ?? step.leftOut),
      seats: live.people.map((one) => known.get(one.person) ?? seat(one, at)),
    };
  });
  return advance({ ...state, steps, reroutes: state.reroutes + 1 }, at);
}

const kept = (leftOut: SeatedStep['leftOut']): Pick<SeatedStep, 'leftOut'> =>
  leftOut === undefined ? {} : { leftOut };

const stopped = (runs: readonly Run[], at: Instant): readonly Run[] =>
  runs.map(({ from, until }) => ({ from, until: until ?? at }));

const running = (runs: readonly Run[], at: Instant): readonly Run[] => [
  ...stopped(runs, at),
  { from: at, until: null },
];

const changed = (
  { instalments }: BudgetState,
  index: number,
  change: Partial<Instalment>,
): readonly Instalment[] =>
  instalments.map((one, position) => (position === index ? { ...one, ...change } : one));
