/** What became of a claimed message, as only whoever still holds it may say. */
import { sql, type Transaction } from 'kysely';
import type { NoticeId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import type { Database, Query } from './client.ts';
import type { NoticeReason } from './notice-events.ts';
import { answersOf, bundleTurn, firstOfEach, type Held, listed } from './notices.ts';
import { endFailures } from './provider-failures.ts';
import type { DB } from './schema.ts';

export const isHeld = ({ id, revision, attempts }: Held) => sql<boolean>`
  (id = ${id} AND status = 'sending' AND revision = ${revision} AND attempts = ${attempts})`;

/** Whether it still is; then nobody else gets it before this transaction ends. */
export async function holdNotice(tx: Transaction<DB>, held: Held): Promise<boolean> {
  const { rows } = await sql`
    SELECT id FROM notice WHERE ${isHeld(held)} FOR NO KEY UPDATE`.execute(tx);
  return rows.length > 0;
}

/** What whoever has claimed it since may have made anew is not undone. Whether it is still held. */
export const whileHeld = (
  db: Database,
  held: Held,
  work: (tx: Transaction<DB>) => Promise<void>,
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const isMine = await holdNotice(tx, held);
    if (isMine) await work(tx);
    return isMine;
  });

/** What was frozen is not sent any more, and what is made next is frozen in its place. */
export async function thawNotice(
  query: Query,
  id: NoticeId,
  known: { readonly may_have_arrived?: boolean } = {},
): Promise<void> {
  const thawed = { rendered: null, ...known };
  await query.updateTable('notice').set(thawed).where('id', '=', id).execute();
}

export interface NoticeOutcome extends Held {
  readonly status: 'sent' | 'cancelled' | 'failed';
  readonly reason: string | null;
  /** Once it has ended, too: what certainly did not is in nobody's calendar. */
  readonly mayHaveArrived: boolean;
  readonly at: Instant;
}

/**
 * Without a reason of its own it keeps that of before: why it waited for its hour. What goes out
 * within it ends with it. Whether it was still held.
 */
export async function settleNotice(query: Query, outcome: NoticeOutcome): Promise<boolean> {
  const { status, reason, mayHaveArrived, at } = outcome;
  const { rows } = await sql`
    WITH held AS MATERIALIZED (
      SELECT id, channel FROM notice WHERE ${isHeld(outcome)} FOR NO KEY UPDATE
    ), settled AS (
      UPDATE notice SET status = ${status}, settled_at = ${at}::timestamptz,
        reason = coalesce(${reason}, reason), channel = held.channel,
        may_have_arrived = ${mayHaveArrived}
      FROM held
      WHERE notice.id = held.id OR (notice.bundled_in = held.id AND notice.status = 'bundled')
      RETURNING notice.id, notice.channel
    ), taken AS (
      ${endFailures(sql`SELECT channel FROM settled WHERE ${status} = 'sent'`)}
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, ${status}, channel, ${reason}
    FROM settled RETURNING notice_id`.execute(query);
  return rows.length > 0;
}

/** Before bytes of an earlier try that was refused go out again. Whether it was still held. */
export async function markUnderWay(query: Query, held: Held): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE notice SET may_have_arrived = true WHERE ${isHeld(held)}`.execute(query);
  return Boolean(numAffectedRows);
}

/**
 * Given back at once: the next try need not wait for the lease, and settling its task cancels it.
 * `mayHaveArrived`: absent where that is as it was.
 */
export async function releaseNotice(
  query: Query,
  held: Held,
  mayHaveArrived?: boolean,
): Promise<void> {
  await sql`
    UPDATE notice SET status = 'planned', lease_until = NULL,
      may_have_arrived = coalesce(${mayHaveArrived ?? null}, may_have_arrived)
    WHERE ${isHeld(held)}`.execute(query);
}

export interface Postponed extends NoticeReason {
  /** By which it is to go. */
  readonly channel: string;
  readonly sendAt: Instant;
  readonly at: Instant;
}

/**
 * Those that nobody holds and that nothing goes out within; whether each was settled. As long as it
 * waits for no row, it can stand in nobody's way.
 */
export async function settleTogether(
  query: Query,
  given: readonly NoticeOutcome[],
): Promise<ReadonlyMap<NoticeOutcome, true>> {
  const outcomes = firstOfEach(given);
  const of = <K extends keyof NoticeOutcome>(name: K) => outcomes.map((outcome) => outcome[name]);
  const { rows } = await sql<{ readonly id: NoticeId }>`
    WITH free AS (
      SELECT id FROM notice WHERE id = ANY (${listed(of('id'))})
        AND (SELECT count(*) FROM notice m WHERE m.bundled_in = notice.id AND m.status = 'bundled') = 0
      FOR NO KEY UPDATE SKIP LOCKED
    ), settled AS (
      UPDATE notice SET status = given.status, settled_at = given.at,
        reason = coalesce(given.reason, notice.reason), may_have_arrived = given.may_have_arrived
      FROM free JOIN unnest(${of('id')}::uuid[], ${of('status')}::text[], ${of('reason')}::text[],
        ${of('at')}::timestamptz[], ${of('revision')}::int[], ${of('attempts')}::int[],
        ${of('mayHaveArrived').map(String)}::text[]::boolean[])
        AS given (id, status, reason, at, revision, attempts, may_have_arrived) USING (id)
      WHERE notice.id = free.id AND notice.status = 'sending'
        AND (notice.revision, notice.attempts) = (given.revision, given.attempts)
      RETURNING notice.id, notice.channel, given.status, given.reason, given.at
    ), taken AS (
      ${endFailures(sql`SELECT channel FROM settled WHERE status = 'sent'`)}
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), at, status, channel, reason FROM settled
    RETURNING notice_id AS id`.execute(query);
  return answersOf(outcomes, new Map(rows.map(({ id }) => [id, true])));
}

/** To a better hour. Nothing was tried, and whoever was started for the hour of before passes. */
export async function postponeNotice(
  query: Query,
  held: Held,
  { sendAt, at, channel, reason, reasonParams }: Postponed,
): Promise<void> {
  const { id } = held;
  const params = JSON.stringify(reasonParams);
  await sql`
    WITH turn AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(${bundleTurn(sql.ref('recipient_id'))}) IS NOT NULL AS "isMine"
      FROM notice WHERE id = ${id}
    ), delayed AS (
      UPDATE notice SET status = 'planned', lease_until = NULL, send_at = ${sendAt}::timestamptz,
        reason = ${reason}, reason_params = ${params}::text::jsonb, revision = revision + 1,
        attempts = attempts - 1, channel = ${channel}
      FROM turn
      WHERE turn."isMine" AND ${isHeld(held)}
      RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason, params)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'delayed', channel, ${reason},
      ${params}::text::jsonb FROM delayed`.execute(query);
}

export interface Rerouted {
  readonly to: ChannelName;
  /** It did not reach its reader there, or could have later. */
  readonly reason: 'rerouted' | 'provider_rests';
  readonly at: Instant;
  readonly mayHaveArrived: boolean;
}

/** To another channel, as a new revision: rendered anew, with all of its tries unless it may come back. */
export async function rerouteNotice(query: Query, held: Held, rerouted: Rerouted): Promise<void> {
  const { to, reason, at, mayHaveArrived } = rerouted;
  const tried = reason === 'provider_rests' ? sql`attempts` : sql`0`;
  await sql`
    WITH moved AS (
      UPDATE notice SET status = 'planned', revision = revision + 1, attempts = ${tried},
        rendered = NULL, may_have_arrived = ${mayHaveArrived},
        lease_until = NULL, channel = ${to}, send_at = ${at}::timestamptz, reason = ${reason},
        reason_params = '{}'
      WHERE ${isHeld(held)} RETURNING old.id, old.channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'rerouted', channel, ${reason}
    FROM moved`.execute(query);
}
