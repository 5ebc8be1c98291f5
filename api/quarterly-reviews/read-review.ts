import { createRoute, type z } from '@hono/zod-openapi';
import { recordedState } from '../../db/recorded-state.ts';
import type { LoopId } from '../../domain/id.ts';
import { explainReview as sentencesOf } from '../../domain/quarterly-review/explain.ts';
import type { ReviewCommand, ReviewState } from '../../domain/quarterly-review/state.ts';
import type { Asked } from '../directory/parts.ts';
import type { StepInput } from '../loop-steps.ts';
import type { ReviewParts } from './parts.ts';
import { presentReview, type Review, seenReview } from './present.ts';
import { explainAnswer, reviewAnswer, reviewParams } from './schema.ts';

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

export const explainReviewRoute = createRoute({
  method: 'get',
  path: '/quarterly-reviews/{id}/explain',
  operationId: 'explainQuarterlyReview',
  tags: ['growth'],
  summary: 'Why a review stands where it stands, and what happens next if nobody acts',
  request: { params: reviewParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainReview(
  parts: ReviewParts,
  { actor, input }: Asked<StepInput>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const { state } = await seenReview(parts, actor, id);
  const { held, moments } = await recordedState<ReviewState, ReviewCommand>(parts.db, id);
  const sentences = await parts.tell(actor.id, sentencesOf(held, moments));
  return { status: state.status, sentences: [...sentences] };
}
