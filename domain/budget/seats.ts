/**
 * Who sits in the steps of a request today. Whoever decided stays; whoever has left is followed by
 * whoever stands above them; a step never needs fewer agreements than its rule asks for.
 */
import type { PersonId } from '../id.ts';
import type { LeftOut, PlannedStep, Route, RouteStep } from './route.ts';
import {
  currentStep,
  isExceptionStep,
  leftOutMax,
  type BudgetFacts,
  type BudgetState,
  type LiveStep,
  type Seat,
  type SeatedStep,
  type StepPeople,
} from './state.ts';

export const liveSteps = (route: Route): readonly LiveStep[] | null =>
  route.ok ? route.steps.map(liveStep) : null;

function liveStep(planned: PlannedStep): LiveStep {
  const { name, needs, asked, counted, countedUpward, leftOut } = planned;
  const isUpward = ({ why }: PlannedStep['asked'][number]): boolean => why === 'upward';
  return {
    name,
    needs,
    named: asked.filter((one) => !isUpward(one)).map(({ person }) => person),
    upward: asked.filter(isUpward).map(({ person }) => person),
    counted,
    countedUpward,
    leftOut: leftOut.slice(0, leftOutMax),
  };
}

/** What a submission carries: a step that needs nobody keeps its place. */
export const peopleOf = ({
  name,
  needs,
  named,
  upward,
  counted,
  leftOut,
}: LiveStep): StepPeople => ({
  name,
  needs,
  people: [...named, ...upward].map((person) => ({ person, insteadOf: null })),
  ...(counted.length > 0 && { counted }),
  ...(leftOut.length > 0 && { leftOut }),
});

/** Whether this person takes part in a seat: asked, added, or who decided it. */
export const isIn = ({ person, added, decidedBy, spokenBy }: Seat, id: PersonId): boolean =>
  decidedBy === null ? person === id || added === id : decidedBy === id || spokenBy === id;

/** Whoever has been reminded of a seat already. */
export const remindedOf = ({ person, isReminded, remindedTo }: Seat): readonly PersonId[] =>
  remindedTo ?? (isReminded ? [person] : []);

/** Whom a step names and does not ask; whoever is asked after all is not told of. */
export const leftOutOf = ({ leftOut = [], seats }: SeatedStep): readonly LeftOut[] =>
  leftOut.filter(({ person }) => !seats.some((seat) => seat.person === person));

/** Whoever asks for it beside the requester: in their name, or for the higher amount that is open. */
export const askersOf = ({ submittedBy, raise }: BudgetState): readonly PersonId[] => [
  ...(submittedBy === undefined ? [] : [submittedBy]),
  ...(raise?.by ?? []),
];

export const isOneEnough = (rule: RouteStep | undefined): boolean =>
  rule?.needs === 'any' || rule?.needs === 1;

export const decidedBefore = ({ steps, current }: BudgetState): readonly Seat[] =>
  steps
    .slice(0, current)
    .flatMap(({ seats }) => seats)
    .filter(({ decidedBy }) => decidedBy !== null);

/** Where one voice is not enough: the seats of the step, and those whose agreement may count there. */
export function seatsOfMany(state: BudgetState): readonly Seat[] {
  const step = currentStep(state);
  if (!step || isOneEnough(state.rules[state.current])) return [];
  return [...decidedBefore(state), ...step.seats];
}

/**
 * Whose agreement in earlier steps counts in one by this rule. Where one voice is enough, also that
 * of a seat which another filled; where more are needed, only what each said themselves.
 */
export function agreedIn(
  steps: readonly SeatedStep[],
  rule: RouteStep | undefined,
): ReadonlySet<PersonId> {
  const isOne = isOneEnough(rule);
  const agreed = new Set<PersonId>();
  for (const { person, decidedBy, spokenBy } of steps.flatMap(({ seats }) => seats)) {
    if (decidedBy === null) continue;
    if (isOne) agreed.add(person).add(decidedBy);
    else if (spokenBy === undefined) agreed.add(decidedBy);
  }
  return agreed;
}

/** The steps as they are to be, from the current one on; null where they are so already. */
export function reseat(
  state: BudgetState,
  { live, superiors }: BudgetFacts,
): readonly StepPeople[] | null {
  if (!currentStep(state) || live === null) return null;
  const certain = new Set<PersonId>();
  const wanted = state.steps.map((step, index): StepPeople => {
    const planned = live[index];
    if (index < state.current || !planned || isExceptionStep(step)) {
      return asIs(step);
    }
    const rule = state.rules[index];
    const isOfAll = rule?.needs === 'all';
    const decided = state.steps.slice(0, Math.min(index, state.current + 1));
    const agreed = new Set([...certain, ...agreedIn(decided, rule)]);
    const one = seated(step, planned, { superiors, agreed, isOfAll, isOne: isOneEnough(rule) });
    // Where all of them must agree, each will have agreed before a later step is reached.
    if (one.people.length === one.needs) for (const { person } of one.people) certain.add(person);
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
  readonly isOne: boolean;
}

function seated(step: SeatedStep, live: LiveStep, known: Known): StepPeople {
  const { agreed, isOfAll, isOne } = known;
  const decided = step.seats.filter(({ decidedBy }) => decidedBy !== null);
  const missing = live.counted.filter((person) => !agreed.has(person));
  const people = new Map<PersonId, PersonId | null>();
  for (const { person, insteadOf } of decided) people.set(person, insteadOf);
  // Who stands above the requester does not come before who stands above whoever has left here.
  const upward = [...live.upward, ...live.countedUpward];
  const here = missing.filter((person) => !live.countedUpward.includes(person));
  const asked = [...live.named, ...here].filter((person) => !agreed.has(person));
  for (const person of asked) if (!people.has(person)) people.set(person, null);
  const given = [...live.named, ...live.upward].filter((person) => agreed.has(person));
  const counted = [...live.counted.filter((person) => agreed.has(person)), ...given];
  const most = isOne ? 1 : Infinity;
  let needs = Math.min(most, Math.max(0, live.needs + missing.length - given.length));
  for (const [superior, gone] of replacements(step, live, known)) {
    if (people.has(superior) || (!isOfAll && people.size >= needs)) continue;
    people.set(superior, gone);
    if (isOfAll) needs++;
  }
  for (const person of upward) {
    if (people.size >= needs) break;
    if (!agreed.has(person) && !people.has(person)) people.set(person, null);
  }
  const list = [...people].map(([person, insteadOf]) => ({ person, insteadOf }));
  return {
    name: step.name,
    needs,
    people: list,
    ...(counted.length > 0 && { counted }),
    ...(live.leftOut.length > 0 && { leftOut: live.leftOut }),
  };
}

/** For each who has left with a seat that is open: whoever stands above them, and may decide. */
function replacements(
  { seats }: SeatedStep,
  { leftOut }: LiveStep,
  { superiors, agreed }: Known,
): readonly (readonly [superior: PersonId, gone: PersonId])[] {
  const goneOf = ({ person, insteadOf }: Seat): PersonId => insteadOf ?? person;
  return seats.flatMap((seat) => {
    const gone = goneOf(seat);
    const superior = superiors[gone]?.[0] ?? null;
    const hasLeft = leftOut.some(({ person, why }) => person === gone && why === 'left');
    const isOpen = seat.decidedBy === null && hasLeft;
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
