/** What a loop would come to if nobody did anything any more: the same rules and the same plan, no effect. */
import { assert } from './assert.ts';
import type { Command, Instant, LoopPlan, LoopRules, PlanningWorld } from './loop.ts';
import type { Problem } from './problem.ts';

export interface CourseStep<Event> {
  readonly at: Instant;
  readonly event: Event;
}

interface Course<State, Asked extends Command, Event, Facts> {
  readonly rules: LoopRules<State, Asked, Event>;
  readonly plan: Pick<LoopPlan<State, Asked, Event, Facts>, 'moments'>;
  /** Given at once, one after another. */
  readonly begin: readonly Asked[];
  readonly world: Omit<PlanningWorld<Facts>, 'facts'>;
  factsOf(state: State): Facts;
  /** A course that is longer is an assertion. */
  readonly stepsMax: number;
}

/** What is begun with first, every step of the clock after it; or why it cannot begin. */
export function courseOf<
  State extends { readonly changedAt: Instant },
  Asked extends Command,
  Event,
  Facts,
>({
  rules,
  plan,
  begin,
  world,
  factsOf,
  stepsMax,
}: Course<State, Asked, Event, Facts>): readonly CourseStep<Event>[] | Problem {
  const steps: CourseStep<Event>[] = [];
  let state = rules.initial;
  const take = (command: Asked, at: Instant): Problem | null => {
    const decision = rules.decide(state, command, at);
    if (!decision.ok) return decision.problem;
    for (const event of decision.events) {
      state = rules.evolve(state, event, at);
      steps.push({ at, event });
    }
    return null;
  };
  for (const command of begin) {
    const problem = take(command, world.at);
    if (problem) return problem;
  }
  for (;;) {
    assert(steps.length < stepsMax, 'a loop in which nobody does anything ends');
    const moments = plan.moments(state, { ...world, facts: factsOf(state) });
    const [next] = [...moments].sort((a, b) => a.at - b.at || a.rank - b.rank);
    if (next === undefined) return steps;
    const problem = take(next.command, Math.max(next.at, state.changedAt));
    if (problem) return problem;
  }
}
