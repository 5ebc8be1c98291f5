/** An endpoint as it is answered, and how it is looked for. */
import type { z } from '@hono/zod-openapi';
import { randomBytes } from 'node:crypto';
import { type Endpoint, findEndpoint } from '../../db/webhook-endpoints.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { WebhookId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import type { webhooksAnswer } from './schema.ts';

export type WebhookParts = Pick<DirectoryParts, 'db' | 'clock'>;
type Shown = z.input<typeof webhooksAnswer>['items'][number];

export const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

export function shownEndpoint(endpoint: Endpoint): Shown {
  const { id, url, eventTypes, region, owner, disabledReason } = endpoint;
  return {
    id,
    url,
    eventTypes: [...eventTypes],
    region,
    owner,
    createdAt: iso(endpoint.createdAt),
    isEnabled: endpoint.disabledAt === null,
    offReason: disabledReason === 'removed' ? null : disabledReason,
    offSince: isoOrNull(endpoint.disabledAt),
    failingSince: isoOrNull(endpoint.failingSince),
    previousSecretEndsAt: isoOrNull(endpoint.previousEndsAt),
  };
}

/** One that the actor may not manage answers as missing. */
export async function managed(
  { db, clock }: WebhookParts,
  actor: Actor,
  id: WebhookId,
): Promise<Endpoint> {
  const endpoint = await findEndpoint(db, id, clock.now());
  if (!endpoint || !may(actor, 'webhooks.manage', endpoint)) {
    throw new Refusal(problem('request.not_found'));
  }
  return endpoint;
}

/** Of the length of what it keys, within the 24 to 64 bytes that Standard Webhooks has. */
const secretBytes = 32;

export const newSecret = (): string => `whsec_${randomBytes(secretBytes).toString('base64')}`;
