/**
 * Who sits in the steps of a request today. Whoever decided stays; whoever has left is followed by
 * whoever stands above them; a step never needs fewer agreements than its rule asks for.
 */
import type { PersonId } from '../id.ts';
import type { PlannedStep, Route } from './route.ts';
import {
  currentStep,
  isExceptionStep,
  type BudgetFacts,
  type BudgetState,
  type LiveStep,
  type Seat,
  type SeatedStep,
  type StepPeople,
} from './state.ts';

export const liveSteps = (route: Route): readonly LiveStep[] | null =>
  route.ok ? route.steps.map(liveStep) : null;

function liveStep({ name, needs, asked, counted, leftOut }: PlannedStep): LiveStep {
  const isUpward = ({ why }: PlannedStep['asked'][number]): boolean => why === 'upward';
  return {
    name,
    needs,
    named: asked.filter((one) => !isUpward(one)).map(({ person }) => person),
    upward: asked.filter(isUpward).map(({ person }) => person),
    counted,
    left: leftOut.filter(({ why }) => why === 'left').map(({ person }) => person),
  };
}

/** What a submission carries: a step that needs nobody keeps its place. */
export const peopleOf = ({ name, needs, named, upward }: LiveStep): StepPeople => ({
  name,
  needs,
  people: [...named, ...upward].map((person) => ({ person, insteadOf: null })),
});

/** The steps as they are to be, from the current one on; null where they are so already. */
export function reseat(
  state: BudgetState,
  { live, superiors }: BudgetFacts,
): readonly StepPeople[] | null {
  if (!currentStep(state) || live === null) return null;
  const agreed = new Set<PersonId>();
  const wanted = state.steps.map((step, index): StepPeople => {
    const planned = live[index];
    if (index < state.current || !planned || isExceptionStep(step)) {
      for (const { person, decidedBy } of step.seats) {
        if (decidedBy !== null) agreed.add(person).add(decidedBy);
      }
      return asIs(step);
    }
    const isOfAll = state.rules[index]?.needs === 'all';
    const one = seated(step, planned, { superiors, agreed, isOfAll });
    // Where all of them must agree, each will have agreed before a later step is reached.
    if (one.people.length === one.needs) for (const { person } of one.people) agreed.add(person);
    return one;
  });
  return isSame(wanted, state.steps) ? null : wanted;
}

const asIs = ({ name, needs, seats }: SeatedStep): StepPeople => ({
  name,
  needs,
  people: seats.map(({ person, insteadOf }) => ({ person, insteadOf })),
});

interface Known {
  readonly superiors: BudgetFacts['superiors'];
  /** In earlier steps, or certainly before this one is reached. */
  readonly agreed: ReadonlySet<PersonId>;
  readonly isOfAll: boolean;
}

function seated(step: SeatedStep, live: LiveStep, known: Known): StepPeople {
  const { agreed, isOfAll } = known;
  const decided = step.seats.filter(({ decidedBy }) => decidedBy !== null);
  const missing = live.counted.filter((person) => !agreed.has(person));
  const people = new Map<PersonId, PersonId | null>();
  for (const { person, insteadOf } of decided) people.set(person, insteadOf);
  const asked = [...live.named, ...missing].filter((person) => !agreed.has(person));
  for (const person of asked) if (!people.has(person)) people.set(person, null);
  const given = [...live.named, ...live.upward].filter((person) => agreed.has(person)).length;
  let needs = Math.max(0, live.needs + missing.length - given);
  for (const [superior, gone] of replacements(step, live, known)) {
    if (people.has(superior) || (!isOfAll && people.size >= needs)) continue;
    people.set(superior, gone);
    if (isOfAll) needs++;
  }
  for (const person of live.upward) {
    if (people.size >= needs) break;
    if (!agreed.has(person) && !people.has(person)) people.set(person, null);
  }
  const list = [...people].map(([person, insteadOf]) => ({ person, insteadOf }));
  return { name: step.name, needs, people: list };
}

/** For each who has left with a seat that is open: whoever stands above them, and may decide. */
function replacements(
  { seats }: SeatedStep,
  { left }: LiveStep,
  { superiors, agreed }: Known,
): readonly (readonly [superior: PersonId, gone: PersonId])[] {
  const goneOf = ({ person, insteadOf }: Seat): PersonId => insteadOf ?? person;
  return seats.flatMap((seat) => {
    const gone = goneOf(seat);
    const superior = superiors[gone] ?? null;
    const isOpen = seat.decidedBy === null && left.includes(gone);
    return isOpen && superior !== null && !agreed.has(superior) ? [[superior, gone] as const] : [];
  });
}

const isSame = (wanted: readonly StepPeople[], steps: readonly SeatedStep[]): boolean =>
  wanted.every(({ needs, people }, index) => {
    const step = steps[index];
    const seats = (step?.seats ?? []).map(({ person }) => person);
    return needs === step?.needs && sorted(people.map(({ person }) => person)) === sorted(seats);
  });

const sorted = (people: readonly PersonId[]): string => JSON.stringify(people.toSorted());
