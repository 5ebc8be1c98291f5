/** Answers to POSTs, kept per actor and route, so that a repeated request gets the same answer. */
import { sql } from 'kysely';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface RequestKey {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string;
}

export type RequestClaim = 'fresh' | 'in flight' | 'reused' | KeptAnswer;

interface Row {
  readonly isSame: boolean;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly answer: string | null;
}

export async function claimRequest(
  query: Query,
  request: RequestKey & {
    readonly bodyHash: Uint8Array;
    readonly now: Instant;
    readonly leaseMs: number;
  },
): Promise<RequestClaim> {
  const { actor, route, key, bodyHash, now, leaseMs } = request;
  const claimed = await sql`
    INSERT INTO idempotency (actor_id, route, key, body_hash, lease_until, created_at)
    VALUES (${actor}, ${route}, ${key}, ${bodyHash}, ${now + leaseMs}::timestamptz, ${now}::timestamptz)
    ON CONFLICT (actor_id, route, key) DO UPDATE SET lease_until = excluded.lease_until
      WHERE idempotency.status IS NULL AND idempotency.lease_until <= ${now}::timestamptz
        AND idempotency.body_hash = excluded.body_hash
    RETURNING 1`.execute(query);
  if (claimed.rows.length > 0) return 'fresh';
  const { rows } = await sql<Row>`
    SELECT body_hash = ${bodyHash} AS "isSame", status, headers, answer FROM idempotency
    WHERE actor_id = ${actor} AND route = ${route} AND key = ${key}`.execute(query);
  const [row] = rows;
  if (!row) return 'in flight';
  if (!row.isSame) return 'reused';
  if (row.status === null) return 'in flight';
  return { status: row.status, headers: row.headers ?? {}, answer: row.answer ?? '' };
}

export async function keepAnswer(
  query: Query,
  { actor, route, key }: RequestKey,
  kept: KeptAnswer,
): Promise<void> {
  await query
    .updateTable('idempotency')
    .set({ status: kept.status, headers: kept.headers, answer: kept.answer })
    .where('actor_id', '=', actor)
    .where('route', '=', route)
    .where('key', '=', key)
    .execute();
}

/** What a part that was away could not answer may be tried again at once. */
export async function releaseRequest(
  query: Query,
  { actor, route, key }: RequestKey,
): Promise<void> {
  await query
    .deleteFrom('idempotency')
    .where('actor_id', '=', actor)
    .where('route', '=', route)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
