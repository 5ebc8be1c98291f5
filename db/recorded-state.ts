/** A loop as the record has it. */
import type { Holdable } from '../domain/hold.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, Moment } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface RecordedState<State, C extends Command> {
  readonly held: Holdable<State>;
  /** What its clock does next. */
  readonly moments: readonly Moment<C>[];
}

/** The types are those of the loop whose id it is: whoever asks has seen it. */
export async function recordedState<State, C extends Command>(
  query: Query,
  id: LoopId,
): Promise<RecordedState<State, C>> {
  const row = await query
    .selectFrom('loop_instance')
    .select(['state', 'moments'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return {
    held: row.state as Holdable<State>,
    moments: row.moments as readonly Moment<C>[],
  };
}
