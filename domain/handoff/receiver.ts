import type { PersonId } from '../id.ts';
import type { PlanningWorld } from '../loop.ts';
import { problem, Refusal, type Problem } from '../problem.ts';

/** Why nobody could wait for this person; null when they are there and work. */
export function receiverProblem(world: PlanningWorld, receiver: PersonId): Problem | null {
  if (!world.has(receiver)) return problem('person.unknown', { person: receiver });
  if (!world.person(receiver).isActive) return problem('person.left', { person: receiver });
  try {
    world.working(receiver).nextWorking(world.at);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return problem(error.problem.code, { person: receiver });
    throw error;
  }
}
