import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { HandoffParts } from './parts.ts';
import { presentHandoff, type Handoff } from './present.ts';
import { handoffAnswer, handoffParams } from './schema.ts';

export const readHandoffRoute = createRoute({
  method: 'get',
  path: '/handoffs/{id}',
  operationId: 'readHandoff',
  tags: ['handoffs'],
  summary: 'A handoff with its packet and everything that happened',
  request: { params: handoffParams },
  responses: {
    200: {
      description: 'The handoff; its revision is the ETag.',
      content: { 'application/json': { schema: handoffAnswer } },
    },
  },
});

export const readHandoff = (
  parts: HandoffParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Handoff> => presentHandoff(parts, actor, input.id as LoopId);
