/** What would happen, and when, if nobody did anything: the same rules and the same plan, no effect. */
import type { Instant, PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { practiceRules } from './decide.ts';
import { practicePlan } from './plan.ts';
import type { PracticeCommand, PracticeEvent, PracticeFacts, PracticeState } from './state.ts';

export interface PreviewedStep {
  readonly at: Instant;
  readonly event: PracticeEvent;
}

/** Of a practice for many countries with many who are cleared, these are enough to see how it goes. */
export const previewedStepsMax = 200;

export interface PracticePreview {
  readonly steps: readonly PreviewedStep[];
  /** More would follow. */
  readonly hasMore: boolean;
}

/** A draft as its author submits it now, anything else as it stands; or why it cannot be submitted. */
export function previewPractice(
  from: PracticeState,
  world: PlanningWorld<PracticeFacts>,
): PracticePreview | Problem {
  const steps: PreviewedStep[] = [];
  let state = from;
  let next: { readonly at: Instant; readonly command: PracticeCommand } | undefined =
    from.status === 'draft'
      ? { at: world.at, command: { type: 'submit', actor: from.author } }
      : firstMoment(state, world);
  let latest = world.at;
  while (next !== undefined) {
    if (steps.length >= previewedStepsMax) return { steps, hasMore: true };
    latest = Math.max(next.at, latest);
    const decision = practiceRules.decide(state, next.command, latest);
    if (!decision.ok) return decision.problem;
    for (const event of decision.events) {
      state = practiceRules.evolve(state, event, latest);
      steps.push({ at: latest, event });
    }
    next = firstMoment(state, world);
  }
  return { steps, hasMore: false };
}

const firstMoment = (state: PracticeState, world: PlanningWorld<PracticeFacts>) =>
  practicePlan
    .moments(state, world)
    .toSorted((a, b) => a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : 1))[0];
