/** What would happen, and when, if nobody answered: the same rules and the same plan, no effect. */
import { assert, present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { Instant, PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { handoffRules, waitOf } from './decide.ts';
import { handoffMoments } from './plan.ts';
import type { HandoffCommand, HandoffEvent, HandoffState } from './state.ts';

export interface PreviewedStep {
  readonly at: Instant;
  readonly event: HandoffEvent;
  /** Whom it waits for from then on; null once it is closed. */
  readonly waitsFor: PersonId | null;
}

/** Reminders and the end of three waits, with room for what later versions add. */
const previewedStepsMax = 50;

/** The offer first, every step of the clock after it; or why it cannot be offered. */
export function previewHandoff(
  offer: Extract<HandoffCommand, { type: 'offer' }>,
  world: PlanningWorld<undefined>,
): readonly PreviewedStep[] | Problem {
  const steps: PreviewedStep[] = [];
  let state: HandoffState = handoffRules.initial;
  let next: { readonly at: Instant; readonly command: HandoffCommand } | undefined = {
    at: world.at,
    command: offer,
  };
  while (next !== undefined) {
    assert(steps.length < previewedStepsMax, 'a silent handoff ends');
    const at = Math.max(next.at, state.changedAt);
    const decision = handoffRules.decide(state, next.command, at);
    if (!decision.ok) return decision.problem;
    for (const event of decision.events) {
      state = handoffRules.evolve(state, event, at);
      steps.push({ at, event, waitsFor: waitOf(state)?.person ?? null });
    }
    next = handoffRules.isClosed(state) ? undefined : firstMoment(state, world);
  }
  return steps;
}

function firstMoment(state: HandoffState, world: PlanningWorld<undefined>) {
  const [first, ...others] = handoffMoments(state, world);
  return others.reduce(
    (first, moment) => (moment.at < first.at ? moment : first),
    present(first, 'the next step of the clock'),
  );
}
