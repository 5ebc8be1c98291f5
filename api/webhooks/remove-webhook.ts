import { createRoute, type z } from '@hono/zod-openapi';
import { removeEndpoint } from '../../db/webhook-endpoints.ts';
import type { WebhookId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import { managed, type WebhookParts } from './present.ts';
import { removedAnswer, webhookParams } from './schema.ts';

export const removeWebhookRoute = createRoute({
  method: 'delete',
  path: '/webhooks/{id}',
  operationId: 'removeWebhook',
  tags: ['webhooks'],
  summary: 'Tells another system nothing any more, and forgets its address and secrets',
  request: { params: webhookParams },
  responses: {
    200: {
      description: 'What was not delivered yet is dropped.',
      content: { 'application/json': { schema: removedAnswer } },
    },
  },
});

export async function removeWebhook(
  parts: WebhookParts,
  { actor, input }: Asked<z.output<typeof webhookParams>>,
): Promise<z.input<typeof removedAnswer>> {
  const { id } = await managed(parts, actor, input.id as WebhookId);
  await removeEndpoint(parts.db, id, parts.clock.now());
  return { id };
}
