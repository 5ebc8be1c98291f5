/** Messages to one person that come due together go out as one. */
import { type RawBuilder, sql } from 'kysely';
import type { LoopId, NoticeId } from '../domain/id.ts';
import type { Instant, NoticeParams } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { isHeld } from './notice-outcomes.ts';
import { bundleTurn, type ClaimedNotice, type Held } from './notices.ts';

/** One message as a part of another. */
export interface BundledNotice {
  readonly id: NoticeId;
  readonly loopId: LoopId | null;
  /** Of the step that it tells of; 0 where there is none. */
  readonly sequence: number;
  readonly key: string;
  readonly params: NoticeParams;
  /** In which it is written; null: in its reader's own. */
  readonly locale: string | null;
}

export interface Bundling {
  readonly lead: Held & Pick<ClaimedNotice, 'recipient'>;
  readonly now: Instant;
  /** What comes due until then goes along. */
  readonly until: Instant;
  readonly membersMax: number;
}

/**
 * Takes along what is due, or soon is, whether it still waits or has just been claimed by somebody who
 * comes here next; never what has failed before, which could fail the others. Its hour is then that of
 * the lead. Null when that has been taken along itself. Whoever comes here for the same person waits.
 */
export async function bundle(
  db: Database,
  { lead, now, until, membersMax }: Bundling,
): Promise<readonly BundledNotice[] | null> {
  const { id, recipient } = lead;
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${bundleTurn(sql.val(recipient))})`.execute(tx);
    const { numAffectedRows } = await sql`
      UPDATE notice SET bundled_in = id WHERE ${isHeld(lead)}`.execute(tx);
    if (!numAffectedRows) return null;
    const { rows } = await sql<BundledNotice>`
      WITH due AS MATERIALIZED (
        SELECT n.id, n.send_at FROM notice n
        WHERE n.recipient_id = ${recipient} AND n.id <> ${id} AND n.urgency = 'working'
          AND n.bundled_in IS NULL AND n.rendered IS NULL AND n.send_at <= ${until}::timestamptz
          AND ((n.status = 'planned' AND n.attempts = 0)
            OR (n.status = 'sending' AND n.attempts = 1))
          AND NOT EXISTS (SELECT FROM task t
            WHERE t.id = n.task_id AND t.closed_sequence IS NOT NULL)
        ORDER BY n.send_at, n.id LIMIT ${membersMax} FOR UPDATE SKIP LOCKED
      ), members AS (
        UPDATE notice n SET status = 'bundled', bundled_in = ${id}, lease_until = NULL,
          send_at = least(n.send_at, ${now}::timestamptz)
        FROM due WHERE n.id = due.id
        RETURNING n.id, loop_id, sequence, key, params, locale, channel, due.send_at AS planned
      ), told AS (
        INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
        SELECT id, next_notice_event(id), ${now}::timestamptz, 'bundled', channel, 'bundled'
        FROM members
      )
      SELECT id, loop_id AS "loopId", coalesce(sequence, 0) AS sequence, key, params, locale
      FROM members ORDER BY planned, id`.execute(tx);
    return rows;
  });
}

/**
 * What was to go out within messages that end or begin anew goes out by itself again, as a new
 * revision, since whoever was started for the old one passed. `leads` is a query of their ids, `isOne`
 * says of a row whether it is meant.
 */
export const releaseMembers = (
  leads: RawBuilder<unknown>,
  isOne: RawBuilder<unknown> = sql`true`,
) => sql<{ id: NoticeId }>`
  UPDATE notice SET status = 'planned', attempts = 0, bundled_in = NULL, revision = revision + 1,
    may_have_arrived = (SELECT l.may_have_arrived FROM notice l WHERE l.id = notice.bundled_in)
  WHERE status = 'bundled' AND bundled_in IN (${leads}) AND ${isOne}
  RETURNING id, channel`;

/** What there is no room for goes out after it, as if it had never been taken along. */
export async function leaveOut(
  query: Query,
  lead: Held,
  { members, at }: { readonly members: readonly NoticeId[]; readonly at: Instant },
): Promise<void> {
  const isOne = sql`id = ANY (${members}::uuid[])`;
  await sql`
    WITH released AS (${releaseMembers(sql`SELECT id FROM notice WHERE ${isHeld(lead)}`, isOne)})
    INSERT INTO notice_event (notice_id, number, at, what, channel)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'planned', channel FROM released`.execute(
    query,
  );
}

/** Only while no bytes are frozen that would tell of its members, too. The ids of these. */
export async function unbundle(
  query: Query,
  lead: Held,
  at: Instant,
): Promise<readonly NoticeId[]> {
  const { rows } = await sql<{ readonly id: NoticeId }>`
    WITH released AS (${releaseMembers(
      sql`SELECT id FROM notice WHERE ${isHeld(lead)} AND rendered IS NULL`,
    )}), alone AS (
      UPDATE notice SET bundled_in = NULL
      WHERE ${isHeld(lead)} AND bundled_in = id AND rendered IS NULL
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'planned', channel FROM released
    RETURNING notice_id AS id`.execute(query);
  return rows.map(({ id }) => id);
}
