import { createRoute, type z } from '@hono/zod-openapi';
import { handoffMessages } from '../../db/handoffs.ts';
import { recordedState } from '../../db/recorded-state.ts';
import { explainHandoff as sentencesOf } from '../../domain/handoff/explain.ts';
import type { HandoffCommand, HandoffState } from '../../domain/handoff/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { HandoffParts } from './parts.ts';
import { iso, seenHandoff } from './present.ts';
import { explainAnswer, handoffParams } from './schema.ts';

export const explainHandoffRoute = createRoute({
  method: 'get',
  path: '/handoffs/{id}/explain',
  operationId: 'explainHandoff',
  tags: ['handoffs'],
  summary: 'Why a handoff stands where it stands, and what happens next if nobody acts',
  request: { params: handoffParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainHandoff(
  parts: HandoffParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const { status, isHeld, holder, dueAt } = await seenHandoff(parts, actor, id);
  const { held, moments } = await recordedState<HandoffState, HandoffCommand>(parts.db, id);
  const messages = await handoffMessages(parts.db, id);
  return {
    status,
    isHeld,
    waitsFor: holder,
    dueAt: dueAt === null ? null : iso(dueAt),
    sentences: [...(await parts.tell(actor.id, sentencesOf(held, moments)))],
    messages: messages.map((message) => ({ ...message, sendAt: iso(message.sendAt) })),
  };
}
