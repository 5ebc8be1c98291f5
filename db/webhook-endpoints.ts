/** The endpoints of other systems, as those who manage them see and change them. */
import { sql } from 'kysely';
import type { PersonId, RegionId, WebhookId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';

export type OffReason = 'gone' | 'failing' | 'removed';

export interface Endpoint {
  readonly id: WebhookId;
  readonly url: string;
  /** Empty: all there are. */
  readonly eventTypes: readonly string[];
  readonly region: RegionId | null;
  readonly owner: { readonly id: PersonId; readonly name: string };
  readonly createdAt: Instant;
  readonly failingSince: Instant | null;
  readonly disabledAt: Instant | null;
  readonly disabledReason: OffReason | null;
  /** Until then what is sent is signed with both secrets. */
  readonly previousEndsAt: Instant | null;
}

const columns = (now: Instant) => sql`e.id, e.url, e.event_types AS "eventTypes",
  e.region_id AS region, jsonb_build_object('id', p.id, 'name', p.name) AS owner,
  e.created_at AS "createdAt", e.failing_since AS "failingSince", e.disabled_at AS "disabledAt",
  e.disabled_reason AS "disabledReason", CASE WHEN e.previous_ends_at > ${now}::timestamptz
    THEN e.previous_ends_at END AS "previousEndsAt"`;

/** All that were not removed, the oldest first. */
export async function listEndpoints(query: Query, now: Instant): Promise<readonly Endpoint[]> {
  const { rows } = await sql<Endpoint>`
    SELECT ${columns(now)} FROM webhook_endpoint e JOIN person p ON p.id = e.owner_id
    WHERE e.url IS NOT NULL ORDER BY e.created_at, e.id`.execute(query);
  return rows;
}

export async function findEndpoint(
  query: Query,
  id: WebhookId,
  now: Instant,
): Promise<Endpoint | null> {
  const { rows } = await sql<Endpoint>`
    SELECT ${columns(now)} FROM webhook_endpoint e JOIN person p ON p.id = e.owner_id
    WHERE e.id = ${id} AND e.url IS NOT NULL`.execute(query);
  return rows[0] ?? null;
}

export interface NewEndpoint {
  readonly id: WebhookId;
  readonly url: string;
  readonly secret: string;
  readonly eventTypes: readonly string[];
  readonly region: RegionId | null;
  readonly owner: PersonId;
  readonly at: Instant;
  /** Every step plans for each of them. */
  readonly endpointsMax: number;
}

/** One key for the count of endpoints: two that are made at once are counted one after the other. */
const countLock = 0x776562;

/**
 * `full` where there are as many as may be; `region` where nobody knows it. A repeat, whose answer
 * nobody has seen, makes the secret anew.
 */
export async function insertEndpoint(
  db: Database,
  made: NewEndpoint,
): Promise<'made' | 'full' | 'region'> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${countLock})`.execute(tx);
    const { rows } = await sql<{ readonly isFull: boolean; readonly isKnown: boolean }>`
      SELECT (SELECT count(*) FROM webhook_endpoint WHERE url IS NOT NULL) >= ${made.endpointsMax}
        AS "isFull", ${made.region}::text IS NULL
          OR EXISTS (SELECT FROM region WHERE id = ${made.region}) AS "isKnown"`.execute(tx);
    if (rows[0]?.isKnown !== true) return 'region';
    if (rows[0].isFull) return 'full';
    await sql`
      INSERT INTO webhook_endpoint (id, url, secret, event_types, region_id, owner_id, created_at)
      VALUES (${made.id}, ${made.url}, ${made.secret}, ${made.eventTypes}::text[], ${made.region},
        ${made.owner}, ${made.at}::timestamptz)
      ON CONFLICT (id) DO UPDATE SET secret = excluded.secret`.execute(tx);
    return 'made';
  });
}

interface Rotation {
  readonly id: WebhookId;
  readonly secret: string;
  readonly commandId: string;
  readonly previousEndsAt: Instant;
}

/**
 * A secret that was already on its way out ends at once. A repeat, whose answer nobody has seen, makes
 * the secret anew and leaves the former one as it is.
 */
export async function rotateSecret(query: Query, rotation: Rotation): Promise<void> {
  const { id, secret, commandId, previousEndsAt } = rotation;
  await sql`
    UPDATE webhook_endpoint SET secret = ${secret}, rotation_id = ${commandId},
      previous_secret = CASE WHEN rotation_id = ${commandId} THEN previous_secret ELSE secret END,
      previous_ends_at = ${previousEndsAt}::timestamptz
    WHERE id = ${id} AND url IS NOT NULL`.execute(query);
}

/** Secrets that sign nothing any more are kept nowhere. */
export async function forgetFormerSecrets(query: Query, now: Instant): Promise<void> {
  await sql`
    UPDATE webhook_endpoint SET previous_secret = NULL, previous_ends_at = NULL
    WHERE previous_ends_at <= ${now}::timestamptz`.execute(query);
}

/** Nothing is sent any more; what was sent stays for the record of it, its secrets and address do not. */
export async function removeEndpoint(query: Query, id: WebhookId, at: Instant): Promise<void> {
  await sql`
    WITH removed AS (
      UPDATE webhook_endpoint SET url = NULL, secret = NULL, previous_secret = NULL,
        previous_ends_at = NULL, disabled_at = ${at}::timestamptz, disabled_reason = 'removed'
      WHERE id = ${id} AND url IS NOT NULL RETURNING id
    )
    UPDATE webhook_delivery d SET status = 'dropped', reason = 'endpoint_off', lease_until = NULL,
      settled_at = ${at}::timestamptz
    FROM removed WHERE d.endpoint_id = removed.id AND d.status = 'planned'`.execute(query);
}

export interface ListedDelivery {
  readonly id: string;
  readonly loop: string;
  readonly sequence: number;
  readonly type: string;
  readonly status: 'planned' | 'delivered' | 'failed' | 'dropped';
  readonly reason: string | null;
  readonly attempts: number;
  readonly plannedAt: Instant;
  readonly nextTryAt: Instant;
  readonly settledAt: Instant | null;
}

interface DeliveryPage {
  readonly endpoint: WebhookId;
  readonly after: { readonly plannedAt: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The latest first. */
export async function listDeliveries(
  query: Query,
  { endpoint, after, limit }: DeliveryPage,
): Promise<readonly ListedDelivery[]> {
  const { rows } = await sql<ListedDelivery>`
    SELECT id, loop_id AS loop, sequence, body::jsonb->>'type' AS type, status, reason, attempts,
      planned_at AS "plannedAt", next_try_at AS "nextTryAt", settled_at AS "settledAt"
    FROM webhook_delivery
    WHERE endpoint_id = ${endpoint} AND (${after === null}
      OR (planned_at, id) < (${after?.plannedAt ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY planned_at DESC, id DESC LIMIT ${limit}`.execute(query);
  return rows;
}
