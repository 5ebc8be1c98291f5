/** How the loops do, for whoever keeps the product running: counts and ages, nobody's name. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface LoopCounts {
  readonly loop: string;
  readonly open: number;
  /** Those that wait for an operator. */
  readonly stuck: number;
  /** Those whose next moment has been due for longer than any worker takes. */
  readonly overdue: number;
}

export interface LoopHealth {
  readonly loops: readonly LoopCounts[];
  /** How often the record has refused the steps of the clock that operators now see. */
  readonly refusals: number;
  /** How long the oldest message that is due has waited; 0 when none does. */
  readonly oldestUnsentSeconds: number;
  /** Messages that could not be delivered and wait for an operator. */
  readonly deadLetters: number;
  /** Whom a recall about patients did not reach, and whom nobody has told in person yet. */
  readonly unreachedRecalls: number;
  /** Providers that rest after a burst of failures. */
  readonly pausedChannels: number;
  /** Loops that steps of others asked for: not begun yet, and refused when they were. */
  readonly waitingOpenings: number;
  readonly refusedOpenings: number;
}

/** A worker that starts anew is back well within this. */
const graceMs = 60_000;

export async function loopHealth(query: Query, at: Instant): Promise<LoopHealth> {
  const { rows } = await sql<LoopHealth>`
    SELECT
      (SELECT coalesce(jsonb_agg(to_jsonb(counts)), '[]') FROM (
        SELECT i.loop, count(*) AS open,
          count(*) FILTER (WHERE EXISTS (SELECT FROM operator_task o
            WHERE o.loop_id = i.id AND o.closed_at IS NULL)) AS stuck,
          count(*) FILTER (WHERE i.held_at IS NULL
            AND i.next_moment_at < ${at - graceMs}::timestamptz) AS overdue
        FROM loop_instance i WHERE i.closed_at IS NULL AND i.sequence > 0
        GROUP BY i.loop ORDER BY i.loop) counts) AS loops,
      (SELECT coalesce(sum(refusals), 0)::int FROM operator_task WHERE closed_at IS NULL) AS refusals,
      (SELECT coalesce(extract(epoch FROM ${at}::timestamptz - min(send_at)), 0)::float8
        FROM notice WHERE status IN ('planned', 'sending')
          AND send_at <= ${at}::timestamptz) AS "oldestUnsentSeconds",
      (SELECT count(*)::int FROM notice WHERE status = 'failed') AS "deadLetters",
      (SELECT count(*)::int FROM practice_unreached WHERE reached_at IS NULL)
        AS "unreachedRecalls",
      (SELECT count(*)::int FROM channel_pause WHERE until > ${at}::timestamptz)
        AS "pausedChannels",
      (SELECT count(*)::int FROM loop_opening WHERE settled_at IS NULL) AS "waitingOpenings",
      (SELECT count(*)::int FROM loop_opening WHERE refused IS NOT NULL) AS "refusedOpenings"`.execute(
    query,
  );
  return present(rows[0], 'the one row of counts');
}
