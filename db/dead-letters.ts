/** Messages that could not be delivered, and what an operator decides about them. */
import { sql } from 'kysely';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface DeadLetter {
  readonly id: NoticeId;
  readonly recipient: PersonId;
  readonly key: string;
  readonly channel: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly failedAt: Instant | null;
}

/** The latest first. */
export async function deadLetters(query: Query, limit: number): Promise<readonly DeadLetter[]> {
  const { rows } = await sql<DeadLetter>`
    SELECT id, recipient_id AS recipient, key, channel, reason, attempts,
      settled_at AS "failedAt"
    FROM notice WHERE status = 'failed' ORDER BY settled_at DESC, id LIMIT ${limit}`.execute(query);
  return rows;
}

interface Decision {
  readonly id: NoticeId;
  readonly at: Instant;
}

/**
 * Begins anew: rendered again for whoever the reader now is, with all of its tries. One whose task is
 * settled is cancelled when it wakes, like any other. False for what is no dead letter.
 */
export async function retryDeadLetter(query: Query, { id, at }: Decision): Promise<boolean> {
  const { rows } = await sql<{ readonly id: string }>`
    WITH retried AS (
      UPDATE notice SET status = 'planned', revision = revision + 1, attempts = 0, rendered = NULL,
        lease_until = NULL, settled_at = NULL, bundled_in = NULL, reason = 'retried',
        reason_params = '{}', send_at = ${at}::timestamptz
      WHERE id = ${id} AND status = 'failed' RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'retried', channel, 'retried' FROM retried
    RETURNING notice_id AS id`.execute(query);
  return rows.length > 0;
}

interface Revived {
  readonly ids: readonly NoticeId[];
  readonly channel: string;
  readonly at: Instant;
  readonly until: Instant;
}

/**
 * What was given up because its provider refused everybody, and all that went out within it, waits for
 * that provider after all, each for itself.
 */
export async function reviveDeadLetters(
  query: Query,
  { ids, channel, at, until }: Revived,
): Promise<void> {
  const params = JSON.stringify({ until: { instant: until } });
  await sql`
    WITH revived AS (
      UPDATE notice SET status = 'planned', revision = revision + 1, rendered = NULL,
        lease_until = NULL, settled_at = NULL, bundled_in = NULL, reason = 'paused',
        reason_params = ${params}::text::jsonb, send_at = ${until}::timestamptz
      WHERE (id = ANY (${ids}::uuid[]) OR bundled_in = ANY (${ids}::uuid[])) AND status = 'failed' AND reason = 'channel_failed'
        AND channel = ${channel} AND urgency <> 'digest'
      RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason, params)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'delayed', channel, 'paused',
      ${params}::text::jsonb FROM revived`.execute(query);
}

/** It will not be sent. False for what is no dead letter. */
export async function dropDeadLetter(query: Query, { id, at }: Decision): Promise<boolean> {
  const { rows } = await sql<{ readonly id: string }>`
    WITH dropped AS (
      UPDATE notice SET status = 'cancelled', reason = 'dropped', settled_at = ${at}::timestamptz
      WHERE id = ${id} AND status = 'failed' RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'dropped', channel, 'dropped' FROM dropped
    RETURNING notice_id AS id`.execute(query);
  return rows.length > 0;
}
