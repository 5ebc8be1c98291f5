import { createRoute, type z } from '@hono/zod-openapi';
import { personNames } from '../../db/people.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { foreseenFacts } from '../../db/quarterly-reviews.ts';
import { Refusal } from '../../domain/problem.ts';
import { timelineSentence } from '../../domain/quarterly-review/explain.ts';
import { previewReview as previewOf } from '../../domain/quarterly-review/preview.ts';
import type { Asked } from '../directory/parts.ts';
import { openCommand, type Opening } from './open-review.ts';
import type { ReviewParts } from './parts.ts';
import { openBody, previewAnswer } from './schema.ts';

export const previewReviewRoute = createRoute({
  method: 'post',
  path: '/quarterly-reviews/preview',
  operationId: 'previewQuarterlyReview',
  tags: ['growth'],
  summary:
    'Who would take part and when, and what would happen if nobody answered; nothing is kept',
  request: { body: { required: true, content: { 'application/json': { schema: openBody } } } },
  responses: {
    200: {
      description: 'The fair time, and the course of a review that nobody confirms.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

export type Preview = z.input<typeof previewAnswer>;

const loadWorld = createWorldLoader();

export async function previewReview(parts: ReviewParts, asked: Asked<Opening>): Promise<Preview> {
  const { db, clock, tell } = parts;
  const open = await openCommand(parts, asked);
  const { chair, participants: people, slot } = open;
  const at = clock.now();
  const steps = await db.transaction().execute(async (tx) => {
    const world = await loadWorld(tx, { people, at, pauses: [] });
    return previewOf(open, world, await foreseenFacts(tx, people, at));
  });
  if ('code' in steps) throw new Refusal(steps);
  const told = await tell(
    asked.actor.id,
    steps.map(({ event }) => timelineSentence(event)),
  );
  const names = await personNames(db, people);
  const named = people.map((id) => ({ id, name: names.get(id) ?? id }));
  return {
    chair: { id: chair, name: names.get(chair) ?? chair },
    participants: named,
    from: new Date(slot.from).toISOString(),
    until: new Date(slot.until).toISOString(),
    course: steps.map((step, index) => ({
      at: new Date(step.at).toISOString(),
      sentence: told[index] ?? '',
    })),
  };
}
