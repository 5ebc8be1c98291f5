/** What would happen, and when, if both agreed at once and nobody did anything then: no effect. */
import { courseOf, type CourseStep } from '../course.ts';
import type { PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { planRules } from './decide.ts';
import { planPlan } from './plan.ts';
import { personOf } from './roles.ts';
import {
  type PlanCommand,
  type PlanEvent,
  type PlanFacts,
  planRoles,
  type PlanState,
} from './state.ts';

/** Two years of reviews that nobody answers, with room for what later versions add. */
const stepsMax = 1_000;

/** The start first, every step of the clock after it; or why it cannot begin. */
export function previewPlan(
  start: Extract<PlanCommand, { type: 'start' }>,
  world: Omit<PlanningWorld<PlanFacts>, 'facts'>,
  factsOf: (state: PlanState) => PlanFacts,
): readonly CourseStep<PlanEvent>[] | Problem {
  const agreeing = planRoles
    .map((role) => personOf(start, role))
    .filter((actor) => actor !== start.actor)
    .map((actor) => ({ type: 'agree', actor }) as const);
  const begin: readonly PlanCommand[] = [start, ...agreeing];
  return courseOf({ rules: planRules, plan: planPlan, begin, world, factsOf, stepsMax });
}
