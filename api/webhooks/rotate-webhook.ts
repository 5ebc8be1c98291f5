import { createRoute, type z } from '@hono/zod-openapi';
import { rotateSecret } from '../../db/webhook-endpoints.ts';
import type { WebhookId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { AskedOf } from '../bind.ts';
import type { Asked } from '../directory/parts.ts';
import { managed, newSecret, shownEndpoint, type WebhookParts } from './present.ts';
import { rotation, webhookParams, webhookWithSecret } from './schema.ts';

/** So long the former secret signs, too. */
const rotationMs = 24 * 3_600_000;

export const rotateWebhookRoute = createRoute({
  method: 'post',
  path: '/webhooks/{id}/rotate',
  operationId: 'rotateWebhook',
  tags: ['webhooks'],
  summary: 'A new secret; the former one signs beside it for 24 hours',
  request: {
    params: webhookParams,
    body: { required: true, content: { 'application/json': { schema: rotation } } },
  },
  responses: {
    200: {
      description: 'The endpoint, with its new secret this once.',
      content: { 'application/json': { schema: webhookWithSecret } },
    },
  },
});

type Rotate = Asked<z.output<typeof webhookParams>> & Pick<AskedOf, 'commandId'>;

export async function rotateWebhook(
  parts: WebhookParts,
  { actor, input, commandId }: Rotate,
): Promise<z.input<typeof webhookWithSecret>> {
  const id = input.id as WebhookId;
  const { disabledAt } = await managed(parts, actor, id);
  if (disabledAt !== null) throw new Refusal(problem('webhook.off'));
  const secret = newSecret();
  const previousEndsAt = parts.clock.now() + rotationMs;
  await rotateSecret(parts.db, { id, secret, commandId, previousEndsAt });
  return { ...shownEndpoint(await managed(parts, actor, id)), secret };
}
