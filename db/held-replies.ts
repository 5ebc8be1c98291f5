/** Replies by mail that did not become a comment: which, and whose messages they answer. */
import { sql } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface HeldReply {
  readonly id: string;
  readonly loop: LoopId;
  readonly person: PersonId;
  readonly reason: string;
  readonly sender: string | null;
  readonly words: string | null;
  readonly at: Instant;
}

/** False for one that is held already: the same mail came again. */
export async function holdReply(query: Query, held: HeldReply): Promise<boolean> {
  const { loop: loop_id, person: person_id, ...rest } = held;
  const { numInsertedOrUpdatedRows = 0n } = await query
    .insertInto('held_reply')
    .values({ loop_id, person_id, ...rest })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** The latest first. */
export async function heldReplies(query: Query, limit: number): Promise<readonly HeldReply[]> {
  const { rows } = await sql<HeldReply>`
    SELECT id, loop_id AS loop, person_id AS person, reason, sender, words, at
    FROM held_reply ORDER BY at DESC, id LIMIT ${limit}`.execute(query);
  return rows;
}

/** Of one person, the latest first; what they may not see any more is left out by whoever asks. */
export async function heldRepliesOf(query: Query, person: PersonId): Promise<readonly HeldReply[]> {
  const { rows } = await sql<HeldReply>`
    SELECT id, loop_id AS loop, person_id AS person, reason, sender, words, at FROM held_reply
    WHERE person_id = ${person} ORDER BY at DESC, id LIMIT ${shownMax}`.execute(query);
  return rows;
}
const shownMax = 100;

interface Held {
  readonly id: string;
  readonly person: PersonId;
}

export async function findHeldReply(query: Query, { id, person }: Held): Promise<HeldReply | null> {
  const { rows } = await sql<HeldReply>`
    SELECT id, loop_id AS loop, person_id AS person, reason, sender, words, at FROM held_reply
    WHERE id = ${id} AND person_id = ${person}`.execute(query);
  return rows[0] ?? null;
}

/** Whether there was one. */
export async function removeHeldReply(query: Query, { id, person }: Held): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM held_reply WHERE id = ${id} AND person_id = ${person}`.execute(query);
  return numAffectedRows > 0n;
}

/** How many. */
export async function removeHeldReplies(query: Query, before: Instant): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM held_reply WHERE at < ${before}::timestamptz`.execute(query);
  return Number(numAffectedRows);
}

interface Lately {
  readonly loop: LoopId;
  readonly person: PersonId;
  readonly since: Instant;
}

export interface RepliesLately {
  /** That became comments on the loop. */
  readonly said: number;
  /** Of the person, on whichever loop. */
  readonly held: number;
  /** Whether they were told of one on this loop. */
  readonly isTold: boolean;
}

export async function repliesLately(
  query: Query,
  { loop, person, since }: Lately,
): Promise<RepliesLately> {
  const { rows } = await sql<RepliesLately>`
    SELECT
      (SELECT count(*)::int FROM comment WHERE loop_id = ${loop} AND author_id = ${person}
        AND source = 'mail' AND at > ${since}::timestamptz) AS said,
      (SELECT count(*)::int FROM held_reply WHERE person_id = ${person}
        AND at > ${since}::timestamptz) AS held,
      EXISTS (SELECT FROM notice n JOIN notice_event e ON e.notice_id = n.id AND e.number = 1
        WHERE n.loop_id = ${loop} AND n.recipient_id = ${person} AND n.key IN ('message.reply', 'message.reply_files')
          AND e.at > ${since}::timestamptz) AS "isTold"`.execute(query);
  return rows[0] ?? { said: 0, held: 0, isTold: false };
}

/** Whoever was sent a message of that loop. */
export async function recipientsOf(query: Query, loop: LoopId): Promise<readonly PersonId[]> {
  const { rows } = await sql<{ readonly id: PersonId }>`
    SELECT DISTINCT recipient_id AS id FROM notice WHERE loop_id = ${loop}`.execute(query);
  return rows.map(({ id }) => id);
}
