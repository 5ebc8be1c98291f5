/** What other systems are told, from its first try to its outcome. */
import { sql, type Transaction } from 'kysely';
import type { PersonId, WebhookDeliveryId, WebhookId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

export interface DueDelivery {
  readonly id: WebhookDeliveryId;
  readonly attempts: number;
  readonly nextTryAt: Instant;
}

export interface ClaimedDelivery {
  readonly id: WebhookDeliveryId;
  readonly endpoint: WebhookId;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly body: string;
  /** This try included. */
  readonly attempts: number;
  readonly failingSince: Instant | null;
}

interface Claim {
  readonly id: WebhookDeliveryId;
  readonly now: Instant;
  readonly leaseMs: number;
  /** To one endpoint; what comes later waits until one of them has ended. */
  readonly sendsAtOnceMax: number;
}

/** Clocks differ: whoever is woken by one that is ahead finds it due all the same. */
const clockDifferenceMs = 1_000;

/** Null: somebody else has it, it is not due, is settled, or its endpoint is off or busy. */
export async function claimDelivery(db: Database, claim: Claim): Promise<ClaimedDelivery | null> {
  const { id, now, leaseMs, sendsAtOnceMax } = claim;
  return db.transaction().execute(async (tx) => {
    // Not FOR UPDATE: a step that plans another delivery must never wait for this.
    const { rows: open } = await sql<Omit<ClaimedDelivery, 'id' | 'body' | 'attempts'>>`
      SELECT e.id AS endpoint, e.url, array_remove(ARRAY[e.secret, CASE
        WHEN e.previous_ends_at > ${now}::timestamptz THEN e.previous_secret END], NULL) AS secrets
      FROM webhook_endpoint e JOIN webhook_delivery d ON d.endpoint_id = e.id
      WHERE d.id = ${id} AND e.disabled_at IS NULL
      FOR NO KEY UPDATE OF e`.execute(tx);
    const [endpoint] = open;
    if (!endpoint) return null;
    const { rows } = await sql<Pick<ClaimedDelivery, 'body' | 'attempts' | 'failingSince'>>`
      UPDATE webhook_delivery SET attempts = attempts + 1,
        lease_until = ${now + leaseMs}::timestamptz
      WHERE id = ${id} AND status = 'planned' AND next_try_at <= ${now + clockDifferenceMs}::timestamptz
        AND (lease_until IS NULL OR lease_until <= ${now}::timestamptz)
        AND (SELECT count(*) FROM webhook_delivery other
          WHERE other.endpoint_id = ${endpoint.endpoint}
            AND other.lease_until > ${now}::timestamptz) < ${sendsAtOnceMax}
      RETURNING body, attempts, failing_since AS "failingSince"`.execute(tx);
    return rows[0] ? { id, ...endpoint, ...rows[0] } : null;
  });
}

export type DeliveryEnding =
  | { readonly status: 'delivered' }
  | { readonly status: 'again'; readonly reason: string; readonly nextTryAt: Instant }
  | { readonly status: 'failed'; readonly reason: string; readonly isGone: boolean };

interface Ended {
  readonly delivery: ClaimedDelivery;
  readonly ending: DeliveryEnding;
  readonly at: Instant;
  readonly failingMsMax: number;
  readonly sendsAtOnceMax: number;
}

/**
 * Keeps what became of a try, turns the endpoint off where that is due, and gives back its place:
 * the answer is what may be started now.
 */
export async function endTry(db: Database, ended: Ended): Promise<readonly DueDelivery[]> {
  const { delivery, ending, at, failingMsMax, sendsAtOnceMax } = ended;
  return db.transaction().execute(async (tx) => {
    const endpoint = await markEndpoint(tx, ended);
    const isFirst = await keepTry(tx, { delivery, ending, at });
    if (!isFirst || !endpoint) return [];
    const isGone = ending.status === 'failed' && ending.isGone;
    const isFailing = endpoint.failingSince !== null && endpoint.failingSince <= at - failingMsMax;
    if (isGone || isFailing) {
      await turnOff(tx, { id: delivery.endpoint, reason: isGone ? 'gone' : 'failing', at });
      return [];
    }
    const again =
      ending.status === 'again'
        ? [{ id: delivery.id, attempts: delivery.attempts, nextTryAt: ending.nextTryAt }]
        : [];
    return [...again, ...(await waiting(tx, delivery.endpoint, { at, limit: sendsAtOnceMax }))];
  });
}

/** Null where it is off already. */
async function markEndpoint(
  tx: Tx,
  { delivery, ending, at }: Ended,
): Promise<{ readonly failingSince: Instant | null } | null> {
  const isDelivered = ending.status === 'delivered';
  const { rows } = await sql<{ readonly failingSince: Instant | null }>`
    UPDATE webhook_endpoint SET failing_since = CASE WHEN ${isDelivered}::boolean THEN NULL
      ELSE coalesce(failing_since, ${at}::timestamptz) END
    WHERE id = ${delivery.endpoint} AND disabled_at IS NULL
    RETURNING failing_since AS "failingSince"`.execute(tx);
  return rows[0] ?? null;
}

/** False where another try has taken over since, or the endpoint was turned off meanwhile. */
async function keepTry(
  tx: Tx,
  { delivery, ending, at }: Pick<Ended, 'delivery' | 'ending' | 'at'>,
): Promise<boolean> {
  const isAgain = ending.status === 'again';
  const { numAffectedRows } = await sql`
    UPDATE webhook_delivery SET lease_until = NULL,
      status = ${isAgain ? 'planned' : ending.status},
      reason = ${ending.status === 'delivered' ? null : ending.reason},
      next_try_at = coalesce(${isAgain ? ending.nextTryAt : null}::timestamptz, next_try_at),
      failing_since = CASE WHEN ${ending.status === 'delivered'}::boolean THEN failing_since
        ELSE coalesce(failing_since, ${at}::timestamptz) END,
      settled_at = ${isAgain ? null : at}::timestamptz
    WHERE id = ${delivery.id} AND status = 'planned' AND attempts = ${delivery.attempts}`.execute(
    tx,
  );
  return (numAffectedRows ?? 0n) > 0n;
}

interface Off {
  readonly id: WebhookId;
  readonly reason: 'gone' | 'failing';
  readonly at: Instant;
}

/** Told to its owner, else to the owner's manager or the manager of their region. */
async function turnOff(tx: Tx, { id, reason, at }: Off): Promise<void> {
  const { rows } = await sql<{ readonly url: string; readonly to: PersonId | null }>`
    WITH off AS (
      UPDATE webhook_endpoint SET disabled_at = ${at}::timestamptz, disabled_reason = ${reason}
      WHERE id = ${id} AND disabled_at IS NULL RETURNING id, url, owner_id
    ), dropped AS (
      UPDATE webhook_delivery d SET status = 'dropped', reason = 'endpoint_off',
        lease_until = NULL, settled_at = ${at}::timestamptz
      FROM off WHERE d.endpoint_id = off.id AND d.status = 'planned'
    )
    SELECT off.url, CASE WHEN o.left_at IS NULL THEN o.id ELSE coalesce(m.id, g.manager_id) END AS to
    FROM off JOIN person o ON o.id = off.owner_id JOIN region g ON g.id = o.region_id
    LEFT JOIN person m ON m.id = o.manager_id AND m.left_at IS NULL`.execute(tx);
  const [off] = rows;
  if (!off || off.to === null) return;
  const key = `message.webhook_${reason}` as const;
  const told = { to: off.to, key, params: { host: new URL(off.url).host }, sendAt: at };
  await insertNotices(tx, { id: null, sequence: null, at, notices: [plainNotice(told)] });
}

const dueColumns = sql`id, attempts, next_try_at AS "nextTryAt"`;

async function waiting(
  query: Query,
  endpoint: WebhookId,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): Promise<readonly DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    SELECT ${dueColumns} FROM webhook_delivery
    WHERE endpoint_id = ${endpoint} AND status = 'planned' AND next_try_at <= ${at}::timestamptz
      AND (lease_until IS NULL OR lease_until <= ${at}::timestamptz)
    ORDER BY next_try_at, id LIMIT ${limit}`.execute(query);
  return rows;
}

interface Overdue {
  readonly now: Instant;
  /** Younger ones are most likely on their way. */
  readonly overdueMs: number;
  /** Of one endpoint; the end of each starts the next. */
  readonly perEndpointMax: number;
}

/** What a crash left behind, of every endpoint that is on, the oldest of each. */
export async function overdueDeliveries(
  query: Query,
  { now, overdueMs, perEndpointMax }: Overdue,
): Promise<readonly DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    SELECT d.id, d.attempts, d."nextTryAt" FROM webhook_endpoint e CROSS JOIN LATERAL (
      SELECT ${dueColumns} FROM webhook_delivery
      WHERE endpoint_id = e.id AND status = 'planned'
        AND next_try_at <= ${now - overdueMs}::timestamptz
        AND (lease_until IS NULL OR lease_until <= ${now}::timestamptz)
      ORDER BY next_try_at, id LIMIT ${perEndpointMax}
    ) d WHERE e.disabled_at IS NULL`.execute(query);
  return rows;
}

/** Outcomes before that instant, as many as `limit`; returns how many. */
export async function removeOutcomes(
  query: Query,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM webhook_delivery WHERE id IN (
      SELECT id FROM webhook_delivery WHERE settled_at < ${before}::timestamptz
      ORDER BY settled_at LIMIT ${limit})`.execute(query);
  return Number(numAffectedRows ?? 0n);
}
