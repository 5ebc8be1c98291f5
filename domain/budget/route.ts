/**
 * Who decides a request for money: which steps its policy asks for, and who is asked in each today.
 * Nobody decides about their own request, nor does anybody who reports to the requester, at whatever
 * depth; a step is never passed because nobody is there.
 */
import type { PersonId, RegionId } from '../id.ts';
import type { Role } from '../people/role.ts';

/** Who a step asks: everybody with an office in the request's region, or one person. */
export type Asked =
  | { readonly role: Role }
  | { readonly person: PersonId }
  | { readonly managerOf: 'requester' };

export interface RouteStep {
  readonly name: string;
  readonly asked: readonly Asked[];
  /** How many of them must agree. */
  readonly needs: 'any' | 'all' | number;
}

/** Adds its steps to every request that all of its conditions hold for; null asks nothing. */
export interface RouteLayer {
  /** In minor units of the line's currency: from this amount on. */
  readonly from: bigint;
  readonly kinds: readonly string[] | null;
  readonly regions: readonly RegionId[] | null;
  /** Whether health-care professionals take part. */
  readonly involvesProfessionals: boolean | null;
  readonly steps: readonly RouteStep[];
}

export interface RouteRequest extends Asking {
  readonly minor: bigint;
  readonly kind: string;
  readonly region: RegionId;
  readonly involvesProfessionals: boolean;
}

/** Whose request it is, and who asks in their name or for a higher amount: none of them decides. */
export interface Asking {
  readonly requester: PersonId;
  readonly askedBy?: readonly PersonId[];
}

export interface RoutePerson {
  readonly id: PersonId;
  readonly isActive: boolean;
  readonly manager: PersonId | null;
  /** A role without a region counts everywhere. */
  readonly roles: readonly { readonly role: Role; readonly region: RegionId | null }[];
}

/** The directory and the delegations that hold now; at most one of a principal. */
export interface RouteWorld {
  readonly people: ReadonlyMap<PersonId, RoutePerson>;
  readonly delegates: ReadonlyMap<PersonId, PersonId>;
}

/** Why somebody a step names is not asked in it. */
export const leftOutReasons = [
  'unknown', // not in the directory
  'left', // no longer there
  'requester',
  'asks', // submitted it in the requester's name, or asked for the higher amount
  'reports_to_requester',
  'delegated', // another is asked in their place
  'asked_before', // their agreement in an earlier step, which cannot do without it, counts here
  'asked_later', // this step has enough others, and a later one names them
  'enough_before', // so many agree in earlier steps that this one needs nobody else
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export interface LeftOut {
  readonly person: PersonId;
  readonly why: LeftOutReason;
}

/** Why somebody is asked. */
export type AskedReason = 'named' | 'delegate' | 'upward';

export interface PlannedPerson {
  readonly person: PersonId;
  readonly why: AskedReason;
  /** In whose place; themselves where nobody delegated. Null for who is asked as superior. */
  readonly inPlaceOf: PersonId | null;
}

export interface PlannedStep {
  readonly name: string;
  readonly asked: readonly PlannedPerson[];
  /** How many of `asked` must agree; 0 where those of earlier steps are enough (`counted`). */
  readonly needs: number;
  /** Who must have agreed before the step is reached, and counts in it. */
  readonly counted: readonly PersonId[];
  /** Those of them who would be asked here as superior alone. */
  readonly countedUpward: readonly PersonId[];
  readonly leftOut: readonly LeftOut[];
}

/** `nobody`: the step that nobody may decide, not even above the requester. */
export type Route =
  | { readonly ok: true; readonly steps: readonly PlannedStep[] }
  | { readonly ok: false; readonly nobody: PlannedStep };

/** Of a chain of delegations; a longer one is as if there was none. */
const delegationsMax = 8;

export function planRoute(
  layers: readonly RouteLayer[],
  request: RouteRequest,
  world: RouteWorld,
): Route {
  const steps = stepsFor(layers, request).map((step) => planStep(step, request, world));
  const nobody = steps.find(({ asked, needs }) => needs < 1 || asked.length < needs);
  return nobody ? { ok: false, nobody } : { ok: true, steps: askOnce(steps) };
}

/** What the layers that hold for it ask, in their order. */
export const stepsFor = (
  layers: readonly RouteLayer[],
  request: RouteRequest,
): readonly RouteStep[] =>
  layers.filter((layer) => holdsFor(layer, request)).flatMap((layer) => layer.steps);

const holdsFor = (layer: RouteLayer, request: RouteRequest): boolean =>
  request.minor >= layer.from &&
  (layer.kinds?.includes(request.kind) ?? true) &&
  (layer.regions?.includes(request.region) ?? true) &&
  (layer.involvesProfessionals ?? request.involvesProfessionals) === request.involvesProfessionals;

function planStep(step: RouteStep, request: RouteRequest, world: RouteWorld): PlannedStep {
  const asked = new Map<PersonId, PlannedPerson>();
  const leftOut: LeftOut[] = [];
  const named = new Set(step.asked.flatMap((one) => namedBy(one, request, world)));
  for (const principal of named) {
    const delegate = delegateOf(principal, request, world);
    const why = delegate ? 'delegated' : notAllowed(principal, request, world);
    if (why) leftOut.push({ person: principal, why });
    if (delegate) asked.set(delegate, { person: delegate, why: 'delegate', inPlaceOf: principal });
    else if (!why) asked.set(principal, { person: principal, why: 'named', inPlaceOf: principal });
  }
  const needs = neededOf(step.needs, asked.size);
  for (const superior of above(request.requester, world)) {
    if (asked.size >= needs) break;
    const isTaken = asked.has(superior) || notAllowed(superior, request, world) !== null;
    if (!isTaken) asked.set(superior, { person: superior, why: 'upward', inPlaceOf: null });
  }
  const nobodyYet = { counted: [], countedUpward: [] };
  return { name: step.name, asked: [...asked.values()], needs, ...nobodyYet, leftOut };
}

/** Of nobody at least one is needed: it is looked for above the requester. */
function neededOf(needs: RouteStep['needs'], asked: number): number {
  if (needs === 'any') return 1;
  return needs === 'all' ? Math.max(1, asked) : needs;
}

function namedBy(one: Asked, request: RouteRequest, { people }: RouteWorld): readonly PersonId[] {
  if ('person' in one) return [one.person];
  if ('managerOf' in one) {
    const manager = people.get(request.requester)?.manager ?? null;
    return manager === null ? [] : [manager];
  }
  return [...people.values()]
    .filter(({ roles }) =>
      roles.some(
        ({ role, region }) => role === one.role && (region === null || region === request.region),
      ),
    )
    .map(({ id }) => id)
    .toSorted();
}

function notAllowed(
  person: PersonId,
  { requester, askedBy = [] }: Asking,
  world: RouteWorld,
): LeftOutReason | null {
  const found = world.people.get(person);
  if (!found) return 'unknown';
  if (person === requester) return 'requester';
  if (askedBy.includes(person)) return 'asks';
  const asking = [requester, ...askedBy];
  if (above(person, world).some((one) => asking.includes(one))) return 'reports_to_requester';
  return found.isActive ? null : 'left';
}

/**
 * The end of the chain of delegations, where whoever is there may decide. In a circle, or where it
 * ends with somebody who may not, the principal is asked as if they had not delegated. An office of
 * somebody who left, or of the requester, is not passed on.
 */
function delegateOf(
  principal: PersonId,
  request: RouteRequest,
  world: RouteWorld,
): PersonId | null {
  if (notAllowed(principal, request, world)) return null;
  const seen = new Set([principal]);
  let last = principal;
  for (let next = world.delegates.get(last); next; next = world.delegates.get(last)) {
    if (seen.has(next) || seen.size > delegationsMax) return null;
    seen.add(next);
    last = next;
  }
  return last === principal || notAllowed(last, request, world) ? null : last;
}

/** Neither the requester, nor whoever reports to them; somebody who is there. */
export const mayDecide = (person: PersonId, request: Asking, world: RouteWorld): boolean =>
  notAllowed(person, request, world) === null;

/** Who may be asked when `person` stays silent or has left, the nearest first. */
export const superiorsFor = (
  person: PersonId,
  request: Asking,
  world: RouteWorld,
): readonly PersonId[] =>
  above(person, world).filter((superior) => mayDecide(superior, request, world));

/** Their managers, the nearest first; a circle in the directory ends it. */
function above(person: PersonId, { people }: RouteWorld): readonly PersonId[] {
  const line: PersonId[] = [];
  let manager = people.get(person)?.manager ?? null;
  while (manager !== null && manager !== person && !line.includes(manager)) {
    line.push(manager);
    manager = people.get(manager)?.manager ?? null;
  }
  return line;
}

/**
 * Each person in one step only. Where a step cannot do without them they are asked, and their
 * agreement counts in the later ones, which are not reached without it; else the later step asks.
 */
function askOnce(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  const certain = new Set<PersonId>();
  return steps.map((step, index) => {
    const before = step.asked.filter(({ person }) => certain.has(person));
    const counted = before.map(({ person }) => person);
    const countedUpward = before.flatMap(({ person, why }) => (why === 'upward' ? [person] : []));
    const needs = Math.max(0, step.needs - counted.length);
    const leftOut = [...step.leftOut];
    for (const person of counted) leftOut.push({ person, why: 'asked_before' });
    const rest = step.asked.filter(({ person }) => !certain.has(person));
    if (needs === 0) {
      for (const { person } of rest) leftOut.push({ person, why: 'enough_before' });
      return { ...step, asked: [], needs, counted, countedUpward, leftOut };
    }
    const later = new Set(
      steps.slice(index + 1).flatMap(({ asked }) => asked.map((a) => a.person)),
    );
    let spare = rest.length - needs;
    const asked = rest.filter(({ person }) => {
      if (spare === 0 || !later.has(person)) return true;
      spare--;
      leftOut.push({ person, why: 'asked_later' });
      return false;
    });
    if (asked.length === needs) for (const { person } of asked) certain.add(person);
    return { ...step, asked, needs, counted, countedUpward, leftOut };
  });
}
