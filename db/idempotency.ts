/** Answers to POSTs, kept per actor and route, so that a repeated request gets the same answer. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface RequestKey {
  readonly actor: PersonId;
  readonly route: string;
  readonly key: string;
}

export interface Claim extends RequestKey {
  /** Of everything that makes the request what it is: another hash is another request. */
  readonly bodyHash: Uint8Array;
  readonly now: Instant;
  /** How long whoever claims it is believed alive. */
  readonly leaseMs: number;
  /** Whoever held it before was this very process, which could not give it back. */
  readonly isOurs: boolean;
}

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string;
}

export type ClaimAnswer = 'claimed' | 'in flight' | 'reused' | KeptAnswer;

interface Row {
  readonly isSame: boolean;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly answer: string | null;
}

/** One of several at once is let through; a claim whose holder died is taken over by a repeat. */
export async function claimRequest(query: Query, claim: Claim): Promise<ClaimAnswer> {
  const { actor, route, key, bodyHash, now, leaseMs, isOurs } = claim;
  const claimed = await sql`
    INSERT INTO idempotency (actor_id, route, key, body_hash, lease_until, created_at)
    VALUES (${actor}, ${route}, ${key}, ${bodyHash}, ${now + leaseMs}::timestamptz, ${now}::timestamptz)
    ON CONFLICT (actor_id, route, key) DO UPDATE SET lease_until = excluded.lease_until
      WHERE idempotency.status IS NULL AND (idempotency.lease_until <= ${now}::timestamptz OR ${isOurs})
        AND idempotency.body_hash = excluded.body_hash
    RETURNING 1`.execute(query);
  if (claimed.rows.length > 0) return 'claimed';
  const { rows } = await sql<Row>`
    SELECT body_hash = ${bodyHash} AS "isSame", status, headers, answer FROM idempotency
    WHERE actor_id = ${actor} AND route = ${route} AND key = ${key}`.execute(query);
  const row = rows[0];
  if (!row) return 'in flight';
  if (!row.isSame) return 'reused';
  if (row.status === null) return 'in flight';
  return { status: row.status, headers: row.headers ?? {}, answer: row.answer ?? '' };
}

/** Repeats come within minutes; after this the loop itself still knows its commands by their ids. */
const keptMs = 7 * 86_400_000;
/** More than one request adds, so that the table stays as large as a week is busy. */
const forgottenAtOnceMax = 10;

/**
 * The first answer stays: a claim that was taken over cannot replace what a repeat was told. A few
 * answers that nobody asks for any more go with it.
 */
export async function keepAnswer(
  query: Query,
  { actor, route, key }: RequestKey,
  { status, headers, answer, now }: KeptAnswer & { readonly now: Instant },
): Promise<void> {
  await sql`
    WITH forgotten AS (
      DELETE FROM idempotency WHERE ctid IN (
        SELECT ctid FROM idempotency
        WHERE created_at < ${now - keptMs}::timestamptz
          AND (actor_id, route, key) <> (${actor}, ${route}, ${key})
        ORDER BY created_at LIMIT ${forgottenAtOnceMax} FOR UPDATE SKIP LOCKED)
    )
    UPDATE idempotency SET status = ${status}, headers = ${headers}, answer = ${answer}
    WHERE actor_id = ${actor} AND route = ${route} AND key = ${key} AND status IS NULL`.execute(
    query,
  );
}

/**
 * The same request may be repeated at once. The row stays, since what was sent may yet commit: the
 * key must never stand for another request.
 */
export async function releaseRequest(
  query: Query,
  { actor, route, key }: RequestKey,
  now: Instant,
): Promise<void> {
  await query
    .updateTable('idempotency')
    .set({ lease_until: now })
    .where('actor_id', '=', actor)
    .where('route', '=', route)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
