/** What the record knows of a command, for whoever could not wait for the workflow's own answer. */
import type { LoopId } from '../domain/id.ts';
import type { Receipt } from '../domain/loop.ts';
import type { Query } from './client.ts';

/** Null unless the command has committed. */
export async function findReceipt(
  query: Query,
  id: LoopId,
  commandId: string,
): Promise<Receipt | null> {
  const row = await query
    .selectFrom('transition')
    .select('sequence')
    .where('loop_id', '=', id)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row ? { id, sequence: row.sequence + 1 } : null;
}

/** How many transitions the record holds of it. */
export async function recordedSequence(query: Query, id: LoopId): Promise<number> {
  const row = await query
    .selectFrom('loop_instance')
    .select('sequence')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.sequence ?? 0;
}

export type Standing = 'unknown' | 'open' | 'closed';

export async function loopStanding(query: Query, id: LoopId): Promise<Standing> {
  const row = await query
    .selectFrom('loop_instance')
    .select(['sequence', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || row.sequence === 0) return 'unknown';
  return row.closed_at === null ? 'open' : 'closed';
}

/** Which loop this is an instance of; null for an id of none. */
export async function loopName(query: Query, id: string): Promise<string | null> {
  const row = await query
    .selectFrom('loop_instance')
    .select('loop')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.loop ?? null;
}
