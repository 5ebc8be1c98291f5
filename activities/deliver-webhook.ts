/** Tells one step to one endpoint: claimed, signed, posted, and what became of it kept. */
import { sendWebhook, type WebhookAnswer, type WebhookOptions } from '../channels/webhook/send.ts';
import type { Database } from '../db/client.ts';
import {
  claimDelivery,
  type ClaimedDelivery,
  type DeliveryEnding,
  type DueDelivery,
  endTry,
} from '../db/webhook-deliveries.ts';
import type { WebhookDeliveryId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { failingMsMax, nextTry } from '../domain/webhook/next-try.ts';

export interface DeliverWebhookParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly webhooks?: WebhookOptions;
  /** From 0 to 1; what spreads the tries of those that failed together. */
  readonly chance: () => number;
  /** What may go out now; absent, the sweep finds it. */
  readonly startWebhooks?: (due: readonly DueDelivery[]) => void;
}

export interface WebhookDelivery {
  readonly deliveryId: WebhookDeliveryId;
}

/** Longer than a request may take: until then nobody else tries. */
export const webhookLeaseMs = 30_000;
/** To one endpoint: however slow it is, it holds no more of a worker than this. */
export const sendsAtOnceMax = 2;

/** `passed`: somebody else has it, it is not due or not wanted any more, or its endpoint is busy. */
export type WebhookOutcome = DeliveryEnding['status'] | 'passed';

export const createDeliverWebhook =
  (parts: DeliverWebhookParts) =>
  async ({ deliveryId }: WebhookDelivery): Promise<WebhookOutcome> => {
    const { db, clock } = parts;
    const claim = { id: deliveryId, now: clock.now(), leaseMs: webhookLeaseMs, sendsAtOnceMax };
    const delivery = await claimDelivery(db, claim);
    if (!delivery) return 'passed';
    const answer = await sendWebhook({ ...delivery, at: clock.now() }, parts.webhooks);
    const at = clock.now();
    const ending = endingOf(delivery, answer, { at, chance: parts.chance() });
    const due = await endTry(db, { delivery, ending, at, failingMsMax, sendsAtOnceMax });
    if (due.length > 0) parts.startWebhooks?.(due);
    return ending.status;
  };

function endingOf(
  { attempts, failingSince }: ClaimedDelivery,
  answer: WebhookAnswer,
  { at, chance }: { readonly at: Instant; readonly chance: number },
): DeliveryEnding {
  switch (answer.outcome) {
    case 'delivered':
      return { status: 'delivered' };
    case 'gone':
      return { status: 'failed', reason: answer.code, isGone: true };
    case 'failed': {
      const { code: reason, retryAfterMs } = answer;
      const since = failingSince ?? at;
      const nextTryAt = nextTry({ at, failingSince: since, attempts, retryAfterMs, chance });
      return nextTryAt === null
        ? { status: 'failed', reason, isGone: false }
        : { status: 'again', reason, nextTryAt };
    }
  }
}
