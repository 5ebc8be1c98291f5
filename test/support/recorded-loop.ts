/** A loop without Temporal: its rules and its record, as its workflow would call them. */
import { randomUUID } from 'node:crypto';
import type { createRecord } from '../../activities/record.ts';
import { holdable, type Holdable } from '../../domain/hold.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Command, HoldCommand, Instant, LoopRules, Moment } from '../../domain/loop.ts';
import type { storyClock } from './story-clock.ts';

export interface RecordedLoop<State, Act extends Command> {
  readonly id: LoopId;
  readonly state: State;
  readonly moments: readonly Moment<Command>[];
  /** `recorded`, or the code of the refusal. */
  does(command: Act | HoldCommand, seen?: number, commandId?: string): Promise<string>;
  /** The first moment of the plan, at its instant. */
  fires(): Promise<string>;
  replans(): Promise<string>;
}

export interface RecordingParts {
  readonly record: ReturnType<typeof createRecord>;
  /** Moved only by `fires`. */
  readonly clock: { now(): Instant; moveTo?: ReturnType<typeof storyClock>['moveTo'] };
}

export function recordedLoop<State, Act extends Command, Event extends { readonly type: string }>(
  { record, clock }: RecordingParts,
  given: LoopRules<State, Act, Event>,
  id = randomUUID() as LoopId,
): RecordedLoop<State, Act> {
  const rules = holdable(given);
  let held: Holdable<State> = rules.initial;
  let sequence = 0;
  let moments: readonly Moment<Command>[] = [];
  const propose = async (command: Act | HoldCommand | null, commandId: string, seen?: number) => {
    const at = clock.now();
    const decision = command && rules.decide(held, command, at);
    if (decision && !decision.ok) return decision.problem.code;
    const events = decision?.events ?? [];
    const answer = await record({
      loop: given.loop,
      id,
      commandId,
      sequence,
      at,
      command,
      events,
      ...(seen !== undefined && { seen }),
    });
    if ('refused' in answer) return answer.refused.code;
    if ('stale' in answer) return answer.stale.code;
    for (const stored of answer.transitions) {
      held = stored.state as Holdable<State>;
      sequence = stored.sequence + 1;
      moments = stored.moments;
    }
    return answer.transitions.length > 0 ? 'recorded' : 'unchanged';
  };
  return {
    id,
    get state() {
      return held.state;
    },
    get moments() {
      return moments;
    },
    does: (command, seen, commandId = randomUUID()) => propose(command, commandId, seen),
    async fires() {
      const [due] = moments;
      if (!due) return 'nothing due';
      clock.moveTo?.(due.at);
      return propose(due.command as Act, due.id);
    },
    replans: () => propose(null, randomUUID()),
  };
}
