import { createRoute } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { LoopId } from '../../domain/id.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { Commanded } from '../loop-steps.ts';
import { offerOf, type OfferInput } from './offer.ts';
import type { HandoffParts } from './parts.ts';
import { packetTexts } from '../../domain/handoff/packet-texts.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
import { presentHandoff, type Handoff } from './present.ts';
import { handoffAnswer, offerBody } from './schema.ts';
import { tellCommitted } from '../tell-committed.ts';
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

/** Of the one transition that opens a handoff. */
const opening = 'open';

export async function startHandoff(
  parts: HandoffParts,
  asked: Commanded<OfferInput>,
): Promise<Handoff> {
  // From the request, so that a repeat finds the handoff it opened.
  const id = derivedId('handoff', asked.commandId) as LoopId;
  await tellCommitted(parts, { id, commandId: opening }, async () => {
    const offer = await offerOf(parts, asked);
    const { packet: body } = offer;
    const acknowledged = asked.input.acknowledgedFlags ?? [];
    await refuseUnacknowledged(parts, asked.actor, { texts: packetTexts(body), acknowledged });
    const packet = await write(parts, asked, { kind: contentKinds.packet, body });
    const command = { ...offer.command, packet };
    await parts.handoffs.open(id, { commandId: opening, command, at: parts.clock.now() });
  });
  return presentHandoff(parts, asked.actor, id);
}
