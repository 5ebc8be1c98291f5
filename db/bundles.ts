/** Messages to one person that come due together go out as one. */
import { sql } from 'kysely';
import type { LoopId, NoticeId } from '../domain/id.ts';
import type { Instant, NoticeParams } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import type { ClaimedNotice } from './notices.ts';

/** One message as a part of another. */
export interface BundledNotice {
  readonly id: NoticeId;
  readonly loopId: LoopId | null;
  readonly key: string;
  readonly params: NoticeParams;
}

export interface Bundling {
  readonly lead: Pick<ClaimedNotice, 'id' | 'recipient' | 'channel' | 'attempts'>;
  readonly now: Instant;
  /** What comes due until then goes along. */
  readonly until: Instant;
  readonly membersMax: number;
}

/**
 * Takes along what is due, or soon is, whether it still waits or has just been claimed by somebody who
 * comes here next. Null when the lead itself has been taken along meanwhile. Whoever comes here for the
 * same person and channel waits for the one before.
 */
export async function bundle(
  db: Database,
  { lead, now, until, membersMax }: Bundling,
): Promise<readonly BundledNotice[] | null> {
  const { id, recipient, channel, attempts } = lead;
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`bundle/${recipient}/${channel}`}))`.execute(
      tx,
    );
    const { numAffectedRows } = await sql`
      UPDATE notice SET bundled_in = id
      WHERE id = ${id} AND status = 'sending' AND attempts = ${attempts}`.execute(tx);
    if (!numAffectedRows) return null;
    const { rows } = await sql<BundledNotice>`
      WITH members AS (
        UPDATE notice SET status = 'bundled', bundled_in = ${id}, lease_until = NULL
        WHERE id IN (
          SELECT n.id FROM notice n
          WHERE n.recipient_id = ${recipient} AND n.channel = ${channel} AND n.id <> ${id}
            AND n.urgency <> 'now' AND n.bundled_in IS NULL AND n.rendered IS NULL
            AND n.send_at <= ${until}::timestamptz AND n.status IN ('planned', 'sending')
            AND NOT EXISTS (SELECT FROM task t
              WHERE t.id = n.task_id AND t.closed_sequence IS NOT NULL)
          ORDER BY n.send_at, n.id LIMIT ${membersMax} FOR UPDATE SKIP LOCKED
        ) RETURNING id, loop_id, key, params, channel, send_at
      ), told AS (
        INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
        SELECT id, next_notice_event(id), ${now}::timestamptz, 'bundled', channel, 'bundled'
        FROM members
      )
      SELECT id, loop_id AS "loopId", key, params FROM members ORDER BY send_at, id`.execute(tx);
    return rows;
  });
}

/** Those of an earlier try that are still wanted; the others end here. */
export async function bundleOf(
  query: Query,
  lead: NoticeId,
  at: Instant,
): Promise<readonly BundledNotice[]> {
  await sql`
    WITH gone AS (
      UPDATE notice SET status = 'cancelled', reason = 'settled', settled_at = ${at}::timestamptz
      WHERE bundled_in = ${lead} AND status = 'bundled' AND EXISTS (
        SELECT FROM task WHERE task.id = notice.task_id AND closed_sequence IS NOT NULL)
      RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'cancelled', channel, 'settled'
    FROM gone`.execute(query);
  const { rows } = await sql<BundledNotice>`
    SELECT id, loop_id AS "loopId", key, params FROM notice
    WHERE bundled_in = ${lead} AND status = 'bundled' ORDER BY send_at, id`.execute(query);
  return rows;
}

/**
 * What was to go out within messages that now end unsent goes out by itself again. `gone` names the
 * statement's part that ended them; a new revision, since whoever was started for the old one passed.
 */
export const releaseMembers = (gone: 'cancelled' | 'superseded') => sql`
  UPDATE notice SET status = 'planned', bundled_in = NULL, revision = revision + 1
  WHERE status = 'bundled' AND bundled_in IN (SELECT id FROM ${sql.ref(gone)})
  RETURNING id, channel`;
