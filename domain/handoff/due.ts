/** How long a handoff waits for one person, in the working time of that person. */
import type { PersonId } from '../id.ts';
import type { Instant, PlanningWorld } from '../loop.ts';
import { Refusal } from '../problem.ts';
import type { HandoffState, Wait } from './state.ts';

/**
 * When `percent` of the allowance has been worked since the wait began, pauses left out. Whoever has
 * left, or never works, is not waited for: then it is the instant at which the wait began.
 */
export function dueAt(
  wait: Wait,
  { allowanceMinutes }: HandoffState,
  percent: number,
  world: PlanningWorld,
): Instant {
  const due = workedBy(wait, (allowanceMinutes * percent) / 100, world);
  return due ?? wait.since;
}

/** There, and working within the time that can be planned. */
export const isWaitedFor = (wait: Wait, state: HandoffState, world: PlanningWorld): boolean =>
  workedBy(wait, state.allowanceMinutes, world) !== null;

/** Somebody the handoff could turn to next. */
export const canBeAsked = (person: PersonId, state: HandoffState, world: PlanningWorld): boolean =>
  isWaitedFor({ person, since: state.changedAt, reminders: 0, pauses: [] }, state, world);

/** Pauses lie before the answer, so what was worked in them is counted on top. */
function workedBy(wait: Wait, minutes: number, world: PlanningWorld): Instant | null {
  if (!world.person(wait.person).isActive) return null;
  const working = world.working(wait.person);
  try {
    const paused = wait.pauses.reduce((sum, [from, to]) => sum + working.between(from, to), 0);
    return working.add(wait.since, minutes + paused);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
