/** The two answers to a review, each one update of its loop. */
import type { z } from '@hono/zod-openapi';
import { findReceipt } from '../../db/receipts.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { type Commanded, stepRoutes } from '../loop-steps.ts';
import { type HolidayParts, sendAnswer } from './parts.ts';
import { type HolidayReview, presentReview } from './read-review.ts';
import { confirmBody, correctBody, reviewAnswer, reviewParams } from './schema.ts';

const answerRoute = stepRoutes({
  path: '/holiday-reviews',
  noun: 'Holiday',
  tag: 'working time',
  params: reviewParams,
  answer: reviewAnswer,
  description: 'The review as it now stands.',
});

export const confirmHolidayRoute = answerRoute('confirm', 'It is a holiday', confirmBody);
export const correctHolidayRoute = answerRoute(
  'correct',
  'It falls on another day, or is no holiday',
  correctBody,
);

export type Answered<Body> = Commanded<{ readonly id: string } & Body>;

export const confirmHoliday = (
  parts: HolidayParts,
  asked: Answered<z.output<typeof confirmBody>>,
): Promise<HolidayReview> => answer(parts, asked, { type: 'confirm' });

export const correctHoliday = (
  parts: HolidayParts,
  asked: Answered<z.output<typeof correctBody>>,
): Promise<HolidayReview> =>
  answer(parts, asked, { type: 'correct', movedTo: asked.input.movedTo });

type Said =
  | { readonly type: 'confirm' }
  | { readonly type: 'correct'; readonly movedTo: string | null };

async function answer(
  parts: HolidayParts,
  { actor, input, commandId, seen }: Answered<{ readonly onBehalfOf?: string | undefined }>,
  said: Said,
): Promise<HolidayReview> {
  const id = input.id as LoopId;
  await presentReview(parts, actor, id);
  const party = input.onBehalfOf as PersonId | undefined;
  const by = { actor: actor.id, ...(party !== undefined && { onBehalfOf: party }) };
  const envelope = {
    commandId,
    command: { ...said, ...by },
    at: parts.clock.now(),
    ...(seen !== undefined && { seen }),
  };
  try {
    await sendAnswer(parts, id, envelope);
  } catch (error) {
    // A repeat whose answer was lost meets a review that has ended: what committed is told as committed.
    const isCommitted = error instanceof Refusal && (await findReceipt(parts.db, id, commandId));
    if (!isCommitted) throw error;
  }
  return presentReview(parts, actor, id);
}
