import { createRoute, type z } from '@hono/zod-openapi';
import { listReviews as rowsOf } from '../../db/quarterly-reviews.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { ReviewParts } from './parts.ts';
import { summaryOf } from './present.ts';
import { reviewsAnswer, reviewsQuery } from './schema.ts';

export const listReviewsRoute = createRoute({
  method: 'get',
  path: '/quarterly-reviews',
  operationId: 'listQuarterlyReviews',
  tags: ['growth'],
  summary: 'The quarterly reviews that you take part in or look after',
  request: { query: reviewsQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: reviewsAnswer } },
    },
  },
});

export type Reviews = z.input<typeof reviewsAnswer>;

export async function listReviews(
  parts: ReviewParts,
  { actor, input }: Asked<z.output<typeof reviewsQuery>>,
): Promise<Reviews> {
  const { limit } = input;
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await rowsOf(parts.db, actor, { after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(summaryOf),
    next: last === undefined ? null : encodeCursor([last.openedAt, last.id]),
  };
}
