/**
 * Hold and resume, written once for every loop: rules are wrapped, not changed. While a loop is held
 * no moment fires and nobody but the one who resumes it acts, save for what its rules do even then;
 * the time on hold counts for nobody.
 */
import { assert } from './assert.ts';
import {
  accept,
  refuse,
  type Command,
  type HoldCommand,
  type HoldEvent,
  type Instant,
  type LoopRules,
} from './loop.ts';

/** Half-open `[from, to)`. */
export type Pause = readonly [from: Instant, to: Instant];

export interface Holdable<State> {
  readonly state: State;
  readonly heldSince: Instant | null;
  /** Closed holds, in order of time. */
  readonly pauses: readonly Pause[];
}

export type HoldableRules<State, C extends Command, Event> = LoopRules<
  Holdable<State>,
  C | HoldCommand,
  Event | HoldEvent
>;

export const isHoldCommand = (command: Command): command is HoldCommand =>
  command.type === 'hold' || command.type === 'resume';

const isHoldEvent = (event: { readonly type: string }): event is HoldEvent =>
  event.type === 'held' || event.type === 'resumed';

/** Every stretch that counts for nobody, the one under way ending now. */
export function pausesUntil(held: Holdable<unknown>, now: Instant): readonly Pause[] {
  return held.heldSince === null ? held.pauses : [...held.pauses, [held.heldSince, now]];
}

export function holdable<State, C extends Command, Event extends { readonly type: string }>(
  rules: LoopRules<State, C, Event>,
): HoldableRules<State, C, Event> {
  return {
    loop: rules.loop,
    version: rules.version,
    initial: { state: rules.initial, heldSince: null, pauses: [] },
    upgrade(old, version) {
      const held = old as Holdable<unknown>;
      assert(rules.upgrade !== undefined, `${rules.loop} reads state of version ${version}`);
      return { ...held, state: rules.upgrade(held.state, version) };
    },
    decide(held, command, at) {
      if (isHoldCommand(command)) return decideHold(rules, held, command);
      const isHeldUp = held.heldSince !== null && !rules.evenHeld?.includes(command.type);
      if (isHeldUp) return refuse('loop.held');
      return rules.decide(held.state, command, at);
    },
    evolve(held, event, at) {
      if (isHoldEvent(event)) {
        return event.type === 'held' ? { ...held, heldSince: at } : ended(held, at);
      }
      const next = { ...held, state: rules.evolve(held.state, event, at) };
      return rules.isClosed(next.state) ? ended(next, at) : next;
    },
    isClosed: (held) => rules.isClosed(held.state),
  };
}

function ended<State>(held: Holdable<State>, at: Instant): Holdable<State> {
  const since = held.heldSince ?? at;
  const pauses = since < at ? [...held.pauses, [since, at] as const] : held.pauses;
  return { ...held, heldSince: null, pauses };
}

function decideHold<State, C extends Command, Event>(
  rules: LoopRules<State, C, Event>,
  held: Holdable<State>,
  command: HoldCommand,
) {
  if (held.state === rules.initial) return refuse('loop.not_open');
  if (rules.isClosed(held.state)) return refuse('loop.closed');
  if (command.type === 'hold') {
    return held.heldSince === null
      ? accept<HoldEvent>({ type: 'held', by: command.actor })
      : refuse('loop.held');
  }
  return held.heldSince === null
    ? refuse('loop.not_held')
    : accept<HoldEvent>({ type: 'resumed', by: command.actor });
}
