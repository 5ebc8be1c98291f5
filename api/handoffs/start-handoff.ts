import { createRoute } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { LoopId } from '../../domain/id.ts';
import { derivedId } from '../derived-id.ts';
import { offerOf, type OfferInput } from './offer.ts';
import type { Commanded, HandoffParts } from './parts.ts';
import { presentHandoff, type Handoff } from './present.ts';
import { handoffAnswer, offerBody } from './schema.ts';
import { write } from './write.ts';

export const startHandoffRoute = createRoute({
  method: 'post',
  path: '/handoffs',
  operationId: 'startHandoff',
  tags: ['handoffs'],
  summary: 'Offers an account, with its packet, to a receiver',
  request: {
    body: { required: true, content: { 'application/json': { schema: offerBody } } },
  },
  responses: {
    201: {
      description: 'Offered: the receiver is asked to read it back.',
      content: { 'application/json': { schema: handoffAnswer } },
    },
  },
});

/** The loop's id derives from the request, so that a repeat finds the handoff it opened. */
export const handoffIdFor = (commandId: string): LoopId =>
  derivedId('handoff', commandId) as LoopId;

export async function startHandoff(
  parts: HandoffParts,
  asked: Commanded<OfferInput>,
): Promise<Handoff> {
  const offer = await offerOf(parts, asked);
  const packet = await write(parts, asked, { kind: contentKinds.packet, body: offer.packet });
  const id = handoffIdFor(asked.commandId);
  const command = { ...offer.command, packet };
  await parts.handoffs.open(id, { commandId: 'open', command, at: parts.clock.now() });
  return presentHandoff(parts, asked.actor, id);
}
