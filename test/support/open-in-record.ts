import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import type { Database } from '../../db/client.ts';
import { recordedState } from '../../db/recorded-state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Command as AnyCommand, Instant, LoopRules } from '../../domain/loop.ts';

interface Stage {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Opens a loop in the record, as its workflow would. */
export async function openInRecord<State, Command extends AnyCommand, Event>(
  { db, clock }: Stage,
  rules: LoopRules<State, Command, Event>,
  command: Command,
  id: LoopId = randomUUID() as LoopId,
): Promise<LoopId> {
  const at = clock.now();
  const decision = rules.decide(rules.initial, command, at);
  if (!decision.ok) throw new Error(decision.problem.code);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const { loop } = rules;
  const proposal = { loop, id, commandId: 'open', sequence: 0, at, command };
  const answer = await record({ ...proposal, events: decision.events as never });
  if (!('transitions' in answer)) throw new Error(JSON.stringify(answer));
  return id;
}

/** Takes one more step of it; answers the code that the record refuses or drops it for, else null. */
export async function takeInRecord<State, Command extends AnyCommand, Event>(
  { db, clock }: Stage,
  rules: LoopRules<State, Command, Event>,
  id: LoopId,
  command: Command,
): Promise<string | null> {
  const at = clock.now();
  const { sequence } = await db
    .selectFrom('loop_instance')
    .select('sequence')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { held } = await recordedState<State, Command>(db, id);
  const decision = rules.decide(held.state, command, at);
  if (!decision.ok) throw new Error(decision.problem.code);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const proposal = {
    loop: rules.loop,
    id,
    commandId: randomUUID(),
    sequence,
    at,
    command,
  };
  const answer = await record({ ...proposal, events: decision.events as never });
  if ('refused' in answer) return answer.refused.code;
  return 'stale' in answer ? answer.stale.code : null;
}
