import { createRoute, type z } from '@hono/zod-openapi';
import { isWebhookAddress } from '../../channels/webhook/send.ts';
import { insertEndpoint } from '../../db/webhook-endpoints.ts';
import { may } from '../../domain/authority.ts';
import type { RegionId, WebhookId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { AskedOf } from '../bind.ts';
import { managed, newSecret, shownEndpoint, type WebhookParts } from './present.ts';
import { newWebhook, webhookWithSecret } from './schema.ts';

/** Every step looks at each of them. */
const endpointsMax = 100;

export const createWebhookRoute = createRoute({
  method: 'post',
  path: '/webhooks',
  operationId: 'createWebhook',
  tags: ['webhooks'],
  summary: 'Another system that is told of steps',
  request: { body: { required: true, content: { 'application/json': { schema: newWebhook } } } },
  responses: {
    201: {
      description: 'The endpoint, with its secret this once.',
      content: { 'application/json': { schema: webhookWithSecret } },
    },
  },
});

type Asked = Pick<AskedOf, 'actor' | 'commandId'> & { readonly input: z.output<typeof newWebhook> };

export async function createWebhook(
  parts: WebhookParts,
  { actor, input, commandId }: Asked,
): Promise<z.input<typeof webhookWithSecret>> {
  const { db, clock } = parts;
  const region = input.region as RegionId | null;
  if (!may(actor, 'webhooks.manage', { region })) {
    throw new Refusal(problem('authority.forbidden'));
  }
  if (!isWebhookAddress(input.url)) throw new Refusal(problem('webhook.address_refused'));
  const id = commandId as WebhookId;
  const secret = newSecret();
  const made = { id, secret, region, url: input.url, owner: actor.id, at: clock.now() };
  const eventTypes = [...new Set(input.eventTypes)];
  const outcome = await insertEndpoint(db, { ...made, eventTypes, endpointsMax });
  if (outcome === 'region') throw new Refusal(problem('webhook.region_unknown'));
  if (outcome === 'full') throw new Refusal(problem('webhook.too_many', { max: endpointsMax }));
  return { ...shownEndpoint(await managed(parts, actor, id)), secret };
}
