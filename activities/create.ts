/** Everything a worker can be asked to do beside running workflows. */
import type { Database } from '../db/client.ts';
import type { LoopId, NoticeId } from '../domain/id.ts';
import type { Command, Instant, Proposal, RefusedMoment } from '../domain/loop.ts';
import type { ZoneData } from '../domain/time/zone.ts';
import type { AnyLoopDefinition } from './loop-record.ts';
import type { WebhookOptions } from '../channels/webhook/send.ts';
import type { DueDelivery } from '../db/webhook-deliveries.ts';
import { createDeliverWebhook, type WebhookDelivery } from './deliver-webhook.ts';
import { createDeliver, type Delivery, type DeliverParts } from './deliver.ts';
import { createOpenOperatorTask } from './operator-task.ts';
import { retryOutage } from './outage.ts';
import { createRecord } from './record.ts';

export interface ActivityParts extends Pick<
  DeliverParts,
  'channels' | 'publicUrl' | 'providers' | 'replies' | 'unsubscribeUrl'
> {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly loops: Readonly<Record<string, AnyLoopDefinition>>;
  readonly zoneData?: ZoneData;
  readonly startDeliveries: (notices: readonly NoticeId[]) => void;
  readonly startOpenings?: (openings: readonly LoopId[]) => void;
  readonly startWebhooks?: (due: readonly DueDelivery[]) => void;
  readonly tellChanges?: () => void;
  readonly followAlerts?: () => void;
  readonly webhooks?: WebhookOptions;
  /** Counted for the operators: each is a retry of a step against a Postgres that was away. */
  readonly onOutage: () => void;
}

export function createActivities(parts: ActivityParts) {
  const record = createRecord(parts);
  const openOperatorTask = createOpenOperatorTask(parts);
  const deliver = createDeliver(parts);
  const deliverWebhook = createDeliverWebhook({ ...parts, chance: Math.random });
  return {
    recordTransition: (proposal: Proposal<Command, { readonly type: string }>) =>
      retryOutage(() => record(proposal), parts.onOutage),
    openOperatorTask: (refused: RefusedMoment) =>
      retryOutage(() => openOperatorTask(refused), parts.onOutage),
    deliverNotice: (delivery: Delivery) => deliver(delivery),
    deliverWebhook: (delivery: WebhookDelivery) => deliverWebhook(delivery),
  };
}
