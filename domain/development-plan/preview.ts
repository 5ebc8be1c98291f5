/** What would happen, and when, if both agreed at once and nobody did anything then: no effect. */
import { assert } from '../assert.ts';
import type { Instant, PlanningWorld } from '../loop.ts';
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

export interface PreviewedStep {
  readonly at: Instant;
  readonly event: PlanEvent;
}

/** Two years of reviews that nobody answers, with room for what later versions add. */
const previewedStepsMax = 1_000;

/** The start first, every step of the clock after it; or why it cannot begin. */
export function previewPlan(
  start: Extract<PlanCommand, { type: 'start' }>,
  world: Omit<PlanningWorld<PlanFacts>, 'facts'>,
  factsOf: (state: PlanState) => PlanFacts,
): readonly PreviewedStep[] | Problem {
  const steps: PreviewedStep[] = [];
  let state: PlanState = planRules.initial;
  const begin: readonly PlanCommand[] = [
    start,
    ...planRoles
      .map((role) => personOf(start, role))
      .filter((actor) => actor !== start.actor)
      .map((actor) => ({ type: 'agree', actor }) as const),
  ];
  const take = (command: PlanCommand, at: Instant): Problem | null => {
    const decision = planRules.decide(state, command, at);
    if (!decision.ok) return decision.problem;
    for (const event of decision.events) {
      state = planRules.evolve(state, event, at);
      steps.push({ at, event });
    }
    return null;
  };
  for (const command of begin) {
    const problem = take(command, world.at);
    if (problem) return problem;
  }
  for (;;) {
    assert(steps.length < previewedStepsMax, 'a plan that nobody does anything in ends');
    const moments = planPlan.moments(state, { ...world, facts: factsOf(state) });
    const [next] = [...moments].sort((a, b) => a.at - b.at || a.rank - b.rank);
    if (next === undefined) return steps;
    const problem = take(next.command, Math.max(next.at, state.changedAt));
    if (problem) return problem;
  }
}
