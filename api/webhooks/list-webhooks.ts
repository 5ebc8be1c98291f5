import { createRoute, type z } from '@hono/zod-openapi';
import { listEndpoints } from '../../db/webhook-endpoints.ts';
import { may } from '../../domain/authority.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { shownEndpoint, type WebhookParts } from './present.ts';
import { webhooksAnswer } from './schema.ts';

export const listWebhooksRoute = createRoute({
  method: 'get',
  path: '/webhooks',
  operationId: 'listWebhooks',
  tags: ['webhooks'],
  summary: 'The other systems that are told of steps, and how they fare',
  responses: {
    200: {
      description: 'Those that you manage, the oldest first.',
      content: { 'application/json': { schema: webhooksAnswer } },
    },
  },
});

export async function listWebhooks(
  { db, clock }: WebhookParts,
  { actor }: Asked<unknown>,
): Promise<z.input<typeof webhooksAnswer>> {
  const isAdmin = actor.grants.some(({ region }) => may(actor, 'webhooks.manage', { region }));
  if (!isAdmin) throw new Refusal(problem('authority.forbidden'));
  const endpoints = await listEndpoints(db, clock.now());
  const theirs = endpoints.filter((endpoint) => may(actor, 'webhooks.manage', endpoint));
  return { items: theirs.map(shownEndpoint) };
}
