import { createRoute, type z } from '@hono/zod-openapi';
import { listDeliveries } from '../../db/webhook-endpoints.ts';
import type { WebhookId } from '../../domain/id.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { iso, managed, type WebhookParts } from './present.ts';
import { deliveriesAnswer, deliveriesQuery, webhookParams } from './schema.ts';

export const listDeliveriesRoute = createRoute({
  method: 'get',
  path: '/webhooks/{id}/deliveries',
  operationId: 'listWebhookDeliveries',
  tags: ['webhooks'],
  summary: 'What became of everything an endpoint was to be told, for 30 days',
  request: { params: webhookParams, query: deliveriesQuery },
  responses: {
    200: {
      description: 'The latest first.',
      content: { 'application/json': { schema: deliveriesAnswer } },
    },
  },
});

const asked = webhookParams.extend(deliveriesQuery.shape);

export async function listWebhookDeliveries(
  parts: WebhookParts,
  { actor, input }: Asked<z.output<typeof asked>>,
): Promise<z.input<typeof deliveriesAnswer>> {
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const { id: endpoint } = await managed(parts, actor, input.id as WebhookId);
  const rows = await listDeliveries(parts.db, {
    endpoint,
    after: place && { plannedAt: place[0], id: place[1] },
    limit: input.limit + 1,
  });
  const page = pageOf(rows, input.limit, {
    item: ({ plannedAt, nextTryAt, settledAt, ...delivery }) => ({
      ...delivery,
      plannedAt: iso(plannedAt),
      nextTryAt: settledAt === null ? iso(nextTryAt) : null,
      settledAt: settledAt === null ? null : iso(settledAt),
    }),
    place: ({ plannedAt, id }) => [plannedAt, id],
  });
  return { items: [...page.items], next: page.next };
}
