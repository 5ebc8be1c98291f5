/** A handoff played by its rules alone: commands in, state out. */
import { currentWait, handoffRules } from '../../domain/handoff/decide.ts';
import { handoffPlan } from '../../domain/handoff/plan.ts';
import type {
  ClockCommand,
  HandoffCommand,
  HandoffFacts,
  HandoffState,
  Severity,
} from '../../domain/handoff/state.ts';
import type { Instant, Moment, PlanningWorld } from '../../domain/loop.ts';
import { content, giver, offerOf, receiver } from './handoff-people.ts';

/** Monday in Berlin 10:00, in Tokyo 18:00 and after work. */
export const monday: Instant = Date.parse('2026-11-23T09:00Z');
const minute = 60_000;

type Of<Type extends HandoffCommand['type']> = Extract<HandoffCommand, { type: Type }>;
type Outcome = ClockCommand extends infer C
  ? C extends ClockCommand
    ? Omit<C, 'person' | 'since'>
    : never
  : never;

export const says = {
  offer: offerOf,
  ask: (actor = receiver): Of<'ask'> => ({ type: 'ask', actor, content: content('question') }),
  answer: (actor = giver): Of<'answer'> => ({ type: 'answer', actor, content: content('answer') }),
  readBack: (actor = receiver): Of<'readBack'> => ({
    type: 'readBack',
    actor,
    content: content('synthesis'),
  }),
  sendBack: (actor = giver): Of<'sendBack'> => ({
    type: 'sendBack',
    actor,
    content: content('reason'),
  }),
  revise: (severity: Severity = 'urgent', actor = giver): Of<'revise'> => ({
    type: 'revise',
    actor,
    severity,
    content: content('newer packet'),
  }),
  confirm: (actor = giver): Of<'confirm'> => ({ type: 'confirm', actor }),
  decline: (actor = receiver): Of<'decline'> => ({
    type: 'decline',
    actor,
    content: content('reason'),
  }),
  withdraw: (actor = giver): Of<'withdraw'> => ({
    type: 'withdraw',
    actor,
    content: content('reason'),
  }),
  reassign: (to = receiver, actor = giver): Of<'reassign'> => ({ type: 'reassign', actor, to }),
};

/** A step of the clock for whatever the handoff waits for now. */
export type Step = HandoffCommand | Outcome;

const isWhole = (step: Step): step is HandoffCommand => 'actor' in step || 'since' in step;

const commandFor = (state: HandoffState, step: Step): HandoffCommand =>
  isWhole(step) ? step : { ...currentWait(state), ...step };

export const decided = (state: HandoffState, step: Step, at: Instant = monday) =>
  handoffRules.decide(state, commandFor(state, step), at);

/** The problem's code, or where the handoff stands after it. */
export function outcome(state: HandoffState, step: Step, at: Instant = monday): string {
  const decision = decided(state, step, at);
  return decision.ok ? evolved(state, step, at).status : decision.problem.code;
}

export function evolved(state: HandoffState, step: Step, at: Instant = monday): HandoffState {
  const decision = decided(state, step, at);
  if (!decision.ok) throw new Error(`${step.type}: ${decision.problem.code}`);
  return decision.events.reduce((next, event) => handoffRules.evolve(next, event, at), state);
}

/** Each step a minute after the one before. */
export const played = (...steps: readonly Step[]): HandoffState =>
  steps.reduce(
    (state, step, index) => evolved(state, step, monday + index * minute),
    handoffRules.initial,
  );

/** The clock's steps in the order in which they fire. */
export const planned = (
  state: HandoffState,
  world: PlanningWorld<HandoffFacts>,
): readonly Moment<HandoffCommand>[] =>
  [...handoffPlan.moments(state, world)].sort(
    (a, b) => a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : 1),
  );

export interface Fired {
  readonly type: string;
  readonly at: Instant;
  readonly status: string;
}

/** Lets time pass with nobody doing anything, until the handoff is closed or nothing more is due. */
export function silence(
  state: HandoffState,
  world: PlanningWorld<HandoffFacts>,
): { readonly state: HandoffState; readonly fired: readonly Fired[] } {
  const fired: Fired[] = [];
  let now = state;
  for (let steps = 0; steps < 50 && !handoffRules.isClosed(now); steps++) {
    const [due] = planned(now, world);
    if (!due) break;
    const at = Math.max(due.at, now.changedAt);
    now = evolved(now, due.command, at);
    fired.push({ type: due.command.type, at, status: now.status });
  }
  return { state: now, fired };
}
