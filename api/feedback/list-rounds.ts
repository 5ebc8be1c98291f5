import { createRoute, type z } from '@hono/zod-openapi';
import { listRounds as roundsOf } from '../../db/feedback.ts';
import type { Asked } from '../directory/parts.ts';
import type { FeedbackParts } from './parts.ts';
import { roundsAnswer } from './schema.ts';

export const listRoundsRoute = createRoute({
  method: 'get',
  path: '/feedback-rounds',
  operationId: 'listFeedbackRounds',
  tags: ['feedback'],
  summary: 'Rounds about you, that you work on or look after, and that ask you',
  responses: {
    200: {
      description: 'The latest first, at most a hundred. Never who has answered.',
      content: { 'application/json': { schema: roundsAnswer } },
    },
  },
});

export async function listRounds(
  { db }: Pick<FeedbackParts, 'db'>,
  { actor }: Asked<unknown>,
): Promise<z.input<typeof roundsAnswer>> {
  const rounds = await roundsOf(db, actor);
  return {
    items: rounds.map(({ closesAt, closedAt, ...round }) => ({
      ...round,
      closesAt: new Date(closesAt).toISOString(),
      closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
    })),
  };
}
