/** Messages on their way: who claims one, and what became of it. */
import { sql } from 'kysely';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant, NoticeParams, Urgency } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';

export interface ClaimedNotice {
  readonly id: NoticeId;
  readonly loopId: LoopId;
  readonly recipient: PersonId;
  readonly key: string;
  readonly params: NoticeParams;
  readonly urgency: Urgency;
  readonly channel: string;
  readonly revision: number;
  readonly rendered: Uint8Array | null;
  /** This one among them; also what tells this claim from a later one. */
  readonly attempts: number;
  /** False once what it asks for is settled. */
  readonly isWanted: boolean;
}

export interface Claim {
  readonly id: string;
  readonly revision: number;
  readonly now: Instant;
  readonly leaseMs: number;
}

/** The claim, and not the scheduler, is what makes one message one: a conditional update. */
export async function claimNotice(query: Query, claim: Claim): Promise<ClaimedNotice | null> {
  const { rows } = await sql<ClaimedNotice>`
    UPDATE notice SET status = 'sending', attempts = attempts + 1,
      lease_until = ${claim.now + claim.leaseMs}::timestamptz
    WHERE id = ${claim.id} AND revision = ${claim.revision} AND send_at <= ${claim.now}::timestamptz
      AND (status = 'planned' OR (status = 'sending' AND lease_until <= ${claim.now}::timestamptz))
    RETURNING id, loop_id AS "loopId", recipient_id AS recipient, key, params, urgency, channel,
      revision, rendered, attempts, NOT EXISTS (
        SELECT FROM task WHERE task.id = notice.task_id AND closed_sequence IS NOT NULL
      ) AS "isWanted"`.execute(query);
  return rows[0] ?? null;
}

/** Answers what was frozen first: of two who composed it, both send the same bytes. */
export async function freezeNotice(
  query: Query,
  notice: { readonly id: NoticeId; readonly rendered: Uint8Array; readonly messageId: string },
): Promise<Uint8Array> {
  const { rows } = await sql<{ readonly rendered: Uint8Array }>`
    UPDATE notice SET rendered = coalesce(rendered, ${notice.rendered}),
      message_id = ${notice.messageId}
    WHERE id = ${notice.id} RETURNING rendered`.execute(query);
  return rows[0]?.rendered ?? notice.rendered;
}

export interface NoticeOutcome {
  readonly id: NoticeId;
  readonly status: 'sent' | 'cancelled' | 'failed';
  readonly reason: string | null;
  readonly at: Instant;
}

/** Without a reason of its own it keeps that of before: why it waited for its hour. */
export async function settleNotice(query: Query, outcome: NoticeOutcome): Promise<void> {
  const { status, reason, at } = outcome;
  await query
    .updateTable('notice')
    .set({ status, settled_at: at, ...(reason !== null && { reason }) })
    .where('id', '=', outcome.id)
    .where('status', '=', 'sending')
    .execute();
}

/** Given back at once: the next try need not wait for the lease, and settling its task cancels it. */
export async function releaseNotice(
  query: Query,
  { id, attempts }: Pick<ClaimedNotice, 'id' | 'attempts'>,
): Promise<void> {
  await query
    .updateTable('notice')
    .set({ status: 'planned', lease_until: null })
    .where('id', '=', id)
    .where('status', '=', 'sending')
    .where('attempts', '=', attempts)
    .execute();
}

/** To a better hour. Nothing was tried, and whoever was started for the hour of before passes. */
export async function postponeNotice(
  query: Query,
  { id, attempts }: Pick<ClaimedNotice, 'id' | 'attempts'>,
  sendAt: Instant,
): Promise<void> {
  await sql`
    UPDATE notice SET status = 'planned', lease_until = NULL, send_at = ${sendAt}::timestamptz,
      reason = 'outside_working_time', revision = revision + 1, attempts = attempts - 1
    WHERE id = ${id} AND status = 'sending' AND attempts = ${attempts}`.execute(query);
}

export interface Addressee {
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
  readonly regionLocale: string;
  readonly zone: string;
  readonly hasLeft: boolean;
}

export async function addressee(query: Query, id: PersonId): Promise<Addressee | null> {
  const { rows } = await sql<Addressee>`
    SELECT p.name, p.email, p.locale, g.locale AS "regionLocale", p.zone,
      p.left_at IS NOT NULL AS "hasLeft"
    FROM person p JOIN region g ON g.id = p.region_id WHERE p.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export interface UnstartedNotice {
  readonly id: NoticeId;
  readonly revision: number;
  readonly sendAt: Instant;
}

/** Planned within the horizon and not started, or claimed by somebody who did not come back. */
export async function unstartedNotices(
  db: Database,
  {
    now,
    horizonMs,
    limit,
  }: { readonly now: Instant; readonly horizonMs: number; readonly limit: number },
): Promise<readonly UnstartedNotice[]> {
  const { rows } = await sql<UnstartedNotice>`
    SELECT id, revision, send_at AS "sendAt" FROM notice
    WHERE send_at <= ${now + horizonMs}::timestamptz AND (
      (status = 'planned' AND coalesce(started_revision, 0) < revision)
      OR (status = 'planned' AND send_at <= ${now - overdueMs}::timestamptz)
      OR (status = 'sending' AND lease_until <= ${now}::timestamptz))
    -- Those never started come first: a mail server that is away fills the rest of the batch.
    ORDER BY coalesce(started_revision, 0) >= revision, send_at LIMIT ${limit}`.execute(db);
  return rows;
}

/** A message this late was started by somebody whose start was lost. */
const overdueMs = 600_000;

export async function noticesById(
  db: Database,
  ids: readonly NoticeId[],
): Promise<readonly UnstartedNotice[]> {
  const { rows } = await sql<UnstartedNotice>`
    SELECT id, revision, send_at AS "sendAt" FROM notice
    WHERE id = ANY (${ids}::uuid[]) AND status = 'planned'`.execute(db);
  return rows;
}

/** Only the revision that was started: one that came meanwhile is still to be started. */
export async function markStarted(
  db: Database,
  started: readonly UnstartedNotice[],
): Promise<void> {
  const rows = started.map(({ id, revision }) => ({ id, revision }));
  await sql`UPDATE notice SET started_revision = s.revision
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS s (id uuid, revision int)
    WHERE notice.id = s.id`.execute(db);
}
