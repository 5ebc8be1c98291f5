import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { FeedbackParts } from './parts.ts';
import { presentRound, type Round } from './present.ts';
import { roundAnswer, roundParams } from './schema.ts';

export const readRoundRoute = createRoute({
  method: 'get',
  path: '/feedback-rounds/{id}',
  operationId: 'readFeedbackRound',
  tags: ['feedback'],
  summary: 'A round of feedback, and what is asked of you in it',
  request: { params: roundParams },
  responses: {
    200: {
      description: 'The round, with its ETag.',
      content: { 'application/json': { schema: roundAnswer } },
    },
  },
});

export const readRound = (
  parts: FeedbackParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Round> => presentRound(parts, actor, input.id as LoopId);
