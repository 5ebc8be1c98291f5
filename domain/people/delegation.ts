/**
 * Who decides for whom. An absence moves accounts by a cover and approvals by a delegation: half-open
 * in time, of every approval or of those of one loop. What was delegated can be delegated on, in
 * chains of a bounded length and never in a circle.
 */
import type { PersonId } from '../id.ts';
import {
  type Instant,
  type LoopName,
  loopNames,
  type OpenTask,
  type PlanningWorld,
} from '../loop.ts';

export const delegationScopes = ['all', ...loopNames] as const;
export type DelegationScope = 'all' | LoopName;

/** People from whoever is away to whoever decides, at most: A to B to C is two. */
export const delegationChainMax = 4;

export interface DelegationLink {
  readonly principal: PersonId;
  readonly delegate: PersonId;
  readonly scope: DelegationScope;
  /** Half-open `[from, until)`. */
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * The end of the chain that begins with `person`, by the links that hold now. In a circle, or where
 * the chain is longer than one may be, they are asked as if they had not delegated.
 */
export function deciderOf(person: PersonId, links: ReadonlyMap<PersonId, PersonId>): PersonId {
  const seen = [person];
  for (let next = links.get(person); next !== undefined; next = links.get(next)) {
    if (seen.includes(next) || seen.length > delegationChainMax) return person;
    seen.push(next);
  }
  return seen.at(-1) ?? person;
}

/** Who is asked for a step of `person` now, and in whose place. */
export function askedFor(
  person: PersonId,
  world: PlanningWorld,
): Pick<OpenTask, 'person' | 'inPlaceOf'> {
  const decider = world.decider(person);
  return decider === person ? { person } : { person: decider, inPlaceOf: person };
}

export const delegationFaults = ['overlaps', 'cycle', 'chain_too_long'] as const;
export type DelegationFault = (typeof delegationFaults)[number];

/** Why `added` cannot stand beside `links`; null when it can. */
export function faultOf(
  added: DelegationLink,
  links: readonly DelegationLink[],
): DelegationFault | null {
  const isDouble = links.some(
    (link) =>
      link.principal === added.principal &&
      link.scope === added.scope &&
      together(link, added) !== null,
  );
  if (isDouble) return 'overlaps';
  const onwards = [...chains(added.delegate, added, { links, step: forward })];
  if (onwards.some(({ people }) => people.includes(added.principal))) return 'cycle';
  for (const before of chains(added.principal, added, { links, step: backward })) {
    for (const after of chains(added.delegate, before.span, { links, step: forward })) {
      const length = before.people.length + 1 + after.people.length;
      if (length > delegationChainMax) return 'chain_too_long';
    }
  }
  return null;
}

type Span = Pick<DelegationLink, 'scope' | 'from' | 'until'>;

/** Where both hold for the same approvals; null when they never do. */
function together(a: Span, b: Span): Span | null {
  const [from, until] = [Math.max(a.from, b.from), Math.min(a.until, b.until)];
  if (from >= until || (a.scope !== b.scope && a.scope !== 'all' && b.scope !== 'all')) return null;
  return { scope: a.scope === 'all' ? b.scope : a.scope, from, until };
}

interface Step {
  readonly at: 'principal' | 'delegate';
  readonly to: 'principal' | 'delegate';
}
const forward: Step = { at: 'principal', to: 'delegate' };
const backward: Step = { at: 'delegate', to: 'principal' };

interface Walk {
  readonly links: readonly DelegationLink[];
  readonly step: Step;
}

interface Chain {
  readonly people: readonly PersonId[];
  /** While all of it holds. */
  readonly span: Span;
}

/** Every chain on from `person` within `span`, the empty one too; a circle and what is too long end it. */
function* chains(person: PersonId, span: Span, { links, step }: Walk): Generator<Chain> {
  const open: Chain[] = [{ people: [], span }];
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    yield chain;
    const { people, span: held } = chain;
    if (people.length >= delegationChainMax) continue;
    const last = people.at(-1) ?? person;
    for (const link of links) {
      const next = link[step.to];
      if (link[step.at] !== last || next === person || people.includes(next)) continue;
      const shared = together(held, link);
      if (shared) open.push({ people: [...people, next], span: shared });
    }
  }
}
