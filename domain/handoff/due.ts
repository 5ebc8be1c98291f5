import type { Instant, PlanningWorld } from '../loop.ts';
import type { HandoffState, Wait } from './state.ts';

/** When `percent` of the allowance has been worked since the wait began, pauses left out. */
export function dueAt(
  wait: Wait,
  { allowanceMinutes }: HandoffState,
  percent: number,
  world: PlanningWorld,
): Instant {
  const working = world.working(wait.person);
  const paused = wait.pauses.reduce((sum, [from, to]) => sum + working.between(from, to), 0);
  return working.add(wait.since, (allowanceMinutes * percent) / 100 + paused);
}
