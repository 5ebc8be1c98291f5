import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { StepInput } from '../loop-steps.ts';
import type { ReviewParts } from './parts.ts';
import { presentReview, type Review } from './present.ts';
import { reviewAnswer, reviewParams } from './schema.ts';

export const readReviewRoute = createRoute({
  method: 'get',
  path: '/quarterly-reviews/{id}',
  operationId: 'readQuarterlyReview',
  tags: ['growth'],
  summary: 'A quarterly review: its agenda with figures of every loop, who comes, what was agreed',
  request: { params: reviewParams },
  responses: {
    200: {
      description: 'The review, with its ETag.',
      content: { 'application/json': { schema: reviewAnswer } },
    },
  },
});

export const readReview = (
  parts: ReviewParts,
  { actor, input }: Asked<StepInput>,
): Promise<Review> => presentReview(parts, actor, input.id as LoopId);
