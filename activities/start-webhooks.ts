/** Hands deliveries to other systems to Temporal; what this misses the sweep finds. */
import { ActivityExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Database } from '../db/client.ts';
import { type DueDelivery, overdueDeliveries, removeOutcomes } from '../db/webhook-deliveries.ts';
import type { Instant } from '../domain/loop.ts';
import { sendsAtOnceMax, webhookLeaseMs } from './deliver-webhook.ts';

export interface StartWebhooksParts {
  readonly client: Client;
  readonly taskQueue: string;
  readonly clock: { now(): Instant };
}

/** Longer than the lease: when Temporal tries again, the claim of who died has run out. */
const tryTimeoutMs = webhookLeaseMs + 5_000;
/** Of a Postgres that is away or a worker that dies; what a receiver answers is no error here. */
const triesMax = 5;
const startsAtOnceMax = 20;
const overdueMs = 60_000;
/** So long an outcome can be read. */
const outcomeDaysMax = 30;
const removedPerSweepMax = 5_000;

export const createStartWebhooks =
  (parts: StartWebhooksParts) =>
  async (due: readonly DueDelivery[]): Promise<void> => {
    for (let first = 0; first < due.length; first += startsAtOnceMax) {
      await Promise.all(due.slice(first, first + startsAtOnceMax).map((one) => start(parts, one)));
    }
  };

async function start(
  { client, taskQueue, clock }: StartWebhooksParts,
  { id, attempts, nextTryAt }: DueDelivery,
): Promise<void> {
  const now = clock.now();
  try {
    await client.activity.start('deliverWebhook', {
      id: `webhook:${id}:${attempts}`,
      taskQueue,
      args: [{ deliveryId: id }],
      startToCloseTimeout: tryTimeoutMs,
      startDelay: Math.max(0, nextTryAt - now),
      // The claim makes one try one; where the endpoint was busy, the same try is started again.
      idReusePolicy: 'ALLOW_DUPLICATE',
      retry: { initialInterval: 10_000, maximumInterval: 60_000, maximumAttempts: triesMax },
    });
  } catch (error) {
    if (!(error instanceof ActivityExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts what a crash left unstarted, and forgets outcomes that are old. */
export const createSweepWebhooks = (parts: StartWebhooksParts & { readonly db: Database }) => {
  const startWebhooks = createStartWebhooks(parts);
  return async (): Promise<{ readonly started: number; readonly removed: number }> => {
    const { db, clock } = parts;
    const now = clock.now();
    const due = await overdueDeliveries(db, { now, overdueMs, perEndpointMax: sendsAtOnceMax });
    await startWebhooks(due);
    const before = now - outcomeDaysMax * 86_400_000;
    const removed = await removeOutcomes(db, { before, limit: removedPerSweepMax });
    return { started: due.length, removed };
  };
};
