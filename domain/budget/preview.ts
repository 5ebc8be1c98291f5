/** What would happen, and when, if nobody answered: the same rules and the same plan, no effect. */
import { assert } from '../assert.ts';
import type { ContentId } from '../id.ts';
import type { Instant, PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { budgetRules } from './decide.ts';
import { budgetPlan } from './plan.ts';
import type { BudgetCommand, BudgetEvent, BudgetFacts, BudgetState, Submission } from './state.ts';

export interface PreviewedStep {
  readonly at: Instant;
  readonly event: BudgetEvent;
}

/** Two reminders a seat and the lapse, with room for what later versions add. */
const previewedStepsMax = 300;

/** The submission first, every step of the clock after it; or why it cannot be submitted. */
export function previewBudget(
  submission: Submission,
  world: PlanningWorld<BudgetFacts>,
): readonly PreviewedStep[] | Problem {
  const steps: PreviewedStep[] = [];
  let state: BudgetState = budgetRules.initial;
  const request = '' as ContentId;
  const { requester: actor } = submission;
  let next: { readonly at: Instant; readonly command: BudgetCommand } | undefined = {
    at: world.at,
    command: { type: 'submit', actor, ...submission, request },
  };
  while (next !== undefined) {
    assert(steps.length < previewedStepsMax, 'a silent request ends');
    const at = Math.max(next.at, state.changedAt);
    const decision = budgetRules.decide(state, next.command, at);
    if (!decision.ok) return decision.problem;
    for (const event of decision.events) {
      state = budgetRules.evolve(state, event, at);
      steps.push({ at, event });
    }
    next = budgetRules.isClosed(state)
      ? undefined
      : [...budgetPlan.moments(state, world)].sort((a, b) => a.at - b.at || a.rank - b.rank)[0];
  }
  return steps;
}
