import { createRoute, type z } from '@hono/zod-openapi';
import { findHolidayReview } from '../../db/holiday-reviews.ts';
import type { Actor } from '../../domain/authority.ts';
import type { LoopId } from '../../domain/id.ts';
import { timelineSentence } from '../../domain/holiday-review/explain.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { tellTimeline } from '../tell-timeline.ts';
import type { HolidayParts } from './parts.ts';
import { reviewAnswer, reviewParams } from './schema.ts';

export const readReviewRoute = createRoute({
  method: 'get',
  path: '/holiday-reviews/{id}',
  operationId: 'readHolidayReview',
  tags: ['working time'],
  summary: 'Whether a provisional holiday stays: who is asked, and what was answered',
  request: { params: reviewParams },
  responses: {
    200: {
      description: 'The review, with its ETag.',
      content: { 'application/json': { schema: reviewAnswer } },
    },
  },
});

export type HolidayReview = z.input<typeof reviewAnswer>;

export const readReview = (
  parts: Pick<HolidayParts, 'db' | 'tell'>,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<HolidayReview> => presentReview(parts, actor, input.id as LoopId);

/** What does not exist and what may not be seen answer alike. */
export async function presentReview(
  parts: Pick<HolidayParts, 'db' | 'tell'>,
  actor: Actor,
  id: LoopId,
): Promise<HolidayReview> {
  const row = await findHolidayReview(parts.db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const dueAt = row.dueAt === null ? null : new Date(row.dueAt).toISOString();
  const timeline = await tellTimeline(parts, { reader: actor.id, id }, timelineSentence);
  return { ...row, waitsFor: [...row.waitsFor], dueAt, timeline };
}
