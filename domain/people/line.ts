import type { PersonId } from '../id.ts';
import type { PlanningWorld } from '../loop.ts';

/** The nearest above who is there; null where nobody is. */
export function superiorOf(person: PersonId, world: PlanningWorld): PersonId | null {
  const { manager } = world.person(person);
  if (manager === null || world.person(manager).isActive) return manager;
  const above = world.person(manager).manager;
  return above !== null && world.person(above).isActive ? above : null;
}
