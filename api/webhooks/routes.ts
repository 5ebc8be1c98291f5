/** Every operation on the endpoints of other systems. */
import { createWebhook, createWebhookRoute } from './create-webhook.ts';
import { listDeliveriesRoute, listWebhookDeliveries } from './list-deliveries.ts';
import { listWebhooks, listWebhooksRoute } from './list-webhooks.ts';
import { removeWebhook, removeWebhookRoute } from './remove-webhook.ts';
import { rotateWebhook, rotateWebhookRoute } from './rotate-webhook.ts';

export const webhookOperations = {
  create: { route: createWebhookRoute, run: createWebhook },
  list: { route: listWebhooksRoute, run: listWebhooks },
  remove: { route: removeWebhookRoute, run: removeWebhook },
  rotate: { route: rotateWebhookRoute, run: rotateWebhook },
  deliveries: { route: listDeliveriesRoute, run: listWebhookDeliveries },
} as const;
