/** When people are reminded: once half of the time that is theirs has been worked. */
import type { PersonId } from '../id.ts';
import type { Instant, PlanningWorld } from '../loop.ts';
import { Refusal } from '../problem.ts';

interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * At work, with half of the working time between the two instants behind them: of several people,
 * whoever is so last. Null where nobody works so long before the end.
 */
export function halfWay(
  people: readonly PersonId[],
  stretch: Stretch,
  world: Pick<PlanningWorld, 'working'>,
): { readonly at: Instant; readonly of: PersonId } | null {
  const found = people.flatMap((of) => {
    const at = halfWayOf(of, stretch, world);
    return at !== null && at < stretch.until ? [{ at, of }] : [];
  });
  return found.reduce((last, one) => (last && last.at >= one.at ? last : one), found[0] ?? null);
}

function halfWayOf(
  person: PersonId,
  { from, until }: Stretch,
  world: Pick<PlanningWorld, 'working'>,
): Instant | null {
  try {
    const working = world.working(person);
    const minutes = working.between(from, until);
    if (minutes <= 0) return null;
    return working.nextWorking(working.add(from, Math.ceil(minutes / 2)));
  } catch (error) {
    // Whoever never works is reminded of nothing.
    if (error instanceof Refusal) return null;
    throw error;
  }
}
