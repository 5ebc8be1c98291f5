/** Loops that a step of another loop begins. */
import { sql, type Transaction } from 'kysely';
import type { LoopId } from '../domain/id.ts';
import type { Command, Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export interface NewOpening {
  readonly loop: string;
  readonly id: LoopId;
  readonly command: Command;
}

interface OpeningStep {
  readonly by: LoopId;
  readonly at: Instant;
  readonly openings: readonly NewOpening[];
}

export async function insertOpenings(
  tx: Transaction<DB>,
  { by, at, openings }: OpeningStep,
): Promise<void> {
  await sql`
    INSERT INTO loop_opening (id, loop, command, opened_by, at)
    SELECT o.id, o.loop, o.command, ${by}, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(openings)}::text::jsonb)
      AS o (id uuid, loop text, command jsonb)`.execute(tx);
}

/** Those not begun yet, the oldest first; of `ids` alone where they are given. */
export async function waitingOpenings(
  query: Query,
  { ids, limit }: { readonly ids?: readonly LoopId[] | undefined; readonly limit: number },
): Promise<readonly NewOpening[]> {
  const only = ids === undefined ? sql`` : sql`AND id = ANY (${ids}::uuid[])`;
  const { rows } = await sql<NewOpening>`
    SELECT id, loop, command FROM loop_opening
    WHERE settled_at IS NULL ${only} ORDER BY at, id LIMIT ${limit}`.execute(query);
  return rows;
}

interface SettledOpening {
  readonly id: LoopId;
  readonly at: Instant;
  readonly refused: string | null;
}

export async function settleOpening(
  query: Query,
  { id, at, refused }: SettledOpening,
): Promise<void> {
  await sql`
    UPDATE loop_opening SET settled_at = ${at}::timestamptz, refused = ${refused}
    WHERE id = ${id} AND settled_at IS NULL`.execute(query);
}

/** Whether this loop is begun by a step of that one: nobody else may open it without a person. */
export async function isOpenedBy(
  query: Query,
  { id, by }: { readonly id: LoopId; readonly by: LoopId },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM loop_opening WHERE id = ${id} AND opened_by = ${by}`.execute(query);
  return rows.length > 0;
}
