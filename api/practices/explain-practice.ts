import { createRoute, type z } from '@hono/zod-openapi';
import { findPractice } from '../../db/practice-list.ts';
import { recordedState } from '../../db/recorded-state.ts';
import type { LoopId } from '../../domain/id.ts';
import { explainPractice as sentencesOf } from '../../domain/practice/explain.ts';
import type { ClockCommand, PracticeState } from '../../domain/practice/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import type { PracticeParts } from './parts.ts';
import { explainAnswer, practiceParams } from './schema.ts';

export const explainPracticeRoute = createRoute({
  method: 'get',
  path: '/practices/{id}/explain',
  operationId: 'explainPractice',
  tags: ['practices'],
  summary: 'Why a practice stands where it stands, and what happens next if nobody acts',
  description: 'For those who work on it; who only reads it learns nothing of its reviews.',
  request: { params: practiceParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainPractice(
  { db, tell }: PracticeParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const row = await findPractice(db, actor, id);
  if (!row?.isSeen) throw new Refusal(problem('request.not_found'));
  const { held, moments } = await recordedState<PracticeState, ClockCommand>(db, id);
  const { status, isHeld } = row;
  return { status, isHeld, sentences: [...(await tell(actor.id, sentencesOf(held, moments)))] };
}
