/** What the operations on endpoints of other systems take and answer. */
import { z } from '@hono/zod-openapi';
import { webhookEventTypes } from '../../domain/webhook/event-types.ts';
import { pageQuery } from '../directory/schema.ts';

const urlLengthMax = 2_000;
const instant = z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' });

export const webhookParams = z.object({ id: z.uuid() });
export const deliveriesQuery = pageQuery;

const eventType = z.enum(webhookEventTypes).openapi({ example: 'handoff.offered' });

export const newWebhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/ })
      .max(urlLengthMax)
      .openapi({ example: 'https://hooks.example.com/meridian' }),
    eventTypes: z.array(eventType).max(webhookEventTypes.length).default([]).openapi({
      description: 'What it is told of; empty, everything there is, now and later.',
    }),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,63}$/)
      .nullable()
      .default(null)
      .openapi({ description: 'Steps that somebody of this region is part of; null, all.' }),
  })
  .openapi('NewWebhook');

const webhook = z
  .object({
    id: z.uuid(),
    url: z.string(),
    eventTypes: z.array(z.string()),
    region: z.string().nullable(),
    owner: z.object({ id: z.string(), name: z.string() }),
    createdAt: instant,
    isEnabled: z.boolean(),
    offReason: z.enum(['gone', 'failing']).nullable().openapi({
      description: '`gone`: it answered 410. `failing`: it took nothing for three days.',
    }),
    offSince: instant.nullable(),
    failingSince: instant.nullable(),
    previousSecretEndsAt: instant.nullable().openapi({
      description: 'Until then everything is signed with the secret before, too.',
    }),
  })
  .openapi('Webhook');

export const webhooksAnswer = z.object({ items: z.array(webhook) }).openapi('Webhooks');
export const webhookWithSecret = webhook
  .extend({
    secret: z.string().openapi({
      description: 'Shown this once. Whoever has it can sign as we do.',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }),
  })
  .openapi('WebhookWithSecret');
/** Nothing is said with it. */
export const rotation = z.strictObject({}).openapi('WebhookRotation');
export const removedAnswer = z.object({ id: z.uuid() }).openapi('WebhookRemoved');

const delivery = z.object({
  id: z.uuid().openapi({ description: 'Sent as `webhook-id`.' }),
  loop: z.uuid(),
  sequence: z.int(),
  type: z.string().openapi({ example: 'handoff.offered' }),
  status: z.enum(['planned', 'delivered', 'failed', 'dropped']),
  reason: z
    .string()
    .nullable()
    .openapi({
      description:
        'Why the last try failed, such as `http_503`, `timeout`, `private_address`, `econnrefused`; ' +
        '`endpoint_off` when it was dropped with its endpoint.',
    }),
  attempts: z.int(),
  plannedAt: instant,
  nextTryAt: instant.nullable(),
  settledAt: instant.nullable(),
});
export const deliveriesAnswer = z
  .object({ items: z.array(delivery), next: z.string().nullable() })
  .openapi('WebhookDeliveries');
