/** Loops that a step of another loop begins, or tells. */
import { sql, type Transaction } from 'kysely';
import type { AccountId, LoopId } from '../domain/id.ts';
import type { Command, Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export interface NewOpening {
  readonly loop: string;
  readonly id: LoopId;
  readonly command: Command;
  /** A loop that runs already and is told the command; `id` is then that of the telling. */
  readonly target?: LoopId | null;
  /** Openings that are settled first. */
  readonly follows?: readonly LoopId[];
}

export interface WaitingOpening extends NewOpening {
  /** The loop whose step asked for it, and what it is called. */
  readonly by: LoopId;
  readonly byLoop: string;
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
    INSERT INTO loop_opening (id, loop, command, target_id, follows, opened_by, at)
    SELECT o.id, o.loop, o.command, o.target, o.follows, ${by}, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(openings)}::text::jsonb)
      AS o (id uuid, loop text, command jsonb, target uuid, follows uuid[])`.execute(tx);
}

/** Those not begun or told yet, and not before what goes before, the oldest first; of `ids` alone where they are given. */
export async function waitingOpenings(
  query: Query,
  { ids, limit }: { readonly ids?: readonly LoopId[] | undefined; readonly limit: number },
): Promise<readonly WaitingOpening[]> {
  const only = ids === undefined ? sql`` : sql`AND o.id = ANY (${ids}::uuid[])`;
  const { rows } = await sql<WaitingOpening>`
    SELECT o.id, o.loop, o.command, o.target_id AS target, o.opened_by AS by, opener.loop AS "byLoop"
    FROM loop_opening o JOIN loop_instance opener ON opener.id = o.opened_by
    WHERE o.settled_at IS NULL ${only} AND NOT EXISTS (
      SELECT FROM loop_opening before WHERE before.settled_at IS NULL
        AND before.id = ANY (o.follows || o.target_id))
    ORDER BY o.at, o.id LIMIT ${limit}`.execute(query);
  return rows;
}

/** Of covers of this account that the loop asked for: what they have yet to be told. */
export async function releasesWaiting(
  query: Query,
  { by, account }: { readonly by: LoopId; readonly account: AccountId },
): Promise<readonly LoopId[]> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT told.id FROM loop_opening told JOIN loop_opening asked ON asked.id = told.target_id
    WHERE told.opened_by = ${by} AND told.settled_at IS NULL
      AND asked.command->>'account' = ${account} ORDER BY told.id`.execute(query);
  return rows.map(({ id }) => id);
}

/** Also one that was refused, and so never began. */
export async function isLoopOver(query: Query, id: LoopId): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM loop_instance WHERE id = ${id} AND closed_at IS NOT NULL
    UNION ALL SELECT FROM loop_opening WHERE id = ${id} AND refused IS NOT NULL`.execute(query);
  return rows.length > 0;
}

interface SettledOpening {
  readonly id: LoopId;
  readonly at: Instant;
  readonly refused: string | null;
}

/** False where it was settled before. */
export async function settleOpening(
  query: Query,
  { id, at, refused }: SettledOpening,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE loop_opening SET settled_at = ${at}::timestamptz, refused = ${refused}
    WHERE id = ${id} AND settled_at IS NULL`.execute(query);
  return numAffectedRows > 0n;
}

/** Whether this loop is begun by a step of that one: nobody else may open it without a person. */
export async function isOpenedBy(
  query: Query,
  { id, by }: { readonly id: LoopId; readonly by: LoopId },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM loop_opening
    WHERE id = ${id} AND opened_by = ${by} AND target_id IS NULL`.execute(query);
  return rows.length > 0;
}
