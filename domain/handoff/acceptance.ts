/** How long somebody took to accept: for scorecards, never for a deadline. */
import type { PersonId } from '../id.ts';
import type { PlanningWorld } from '../loop.ts';
import type { HandoffState } from './state.ts';

export interface Acceptance {
  readonly by: PersonId;
  /** Worked since they were asked, but not while a question of theirs was open or the loop on hold. */
  readonly minutes: number;
}

/** Null where the step is no read-back. */
export function acceptanceOf(
  before: HandoffState,
  after: HandoffState,
  world: PlanningWorld,
): Acceptance | null {
  const { asked } = before;
  const isReadBack = after.readBacks > before.readBacks && asked !== null;
  if (!isReadBack || after.readBack === null) return null;
  const { by } = after.readBack;
  const working = world.working(by);
  const paused = asked.pauses.reduce((sum, [from, to]) => sum + working.between(from, to), 0);
  return { by, minutes: Math.max(0, working.between(asked.since, world.at) - paused) };
}
