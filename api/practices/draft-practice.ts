import { createRoute, type z } from '@hono/zod-openapi';
import { derivedId } from '../../db/derived-id.ts';
import type { LoopId } from '../../domain/id.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { practiceAddress, type PracticeParts } from './parts.ts';
import { type Practice, presentPractice } from './present.ts';
import { draftBody, practiceAnswer } from './schema.ts';
import { writeTerms } from './write.ts';

export const draftPracticeRoute = createRoute({
  method: 'post',
  path: '/practices',
  operationId: 'draftPractice',
  tags: ['practices'],
  summary: 'Drafts a practice; nobody else sees it until you submit it',
  request: { body: { required: true, content: { 'application/json': { schema: draftBody } } } },
  responses: {
    201: {
      description: 'The draft.',
      content: { 'application/json': { schema: practiceAnswer } },
    },
  },
});

export async function draftPractice(
  parts: PracticeParts,
  asked: Commanded<z.output<typeof draftBody>>,
): Promise<Practice> {
  const { actor, commandId, input } = asked;
  const id = derivedId('practice', commandId) as LoopId;
  await openLoop(parts, practiceAddress, {
    id,
    command: async () => {
      const { terms } = await writeTerms(parts, asked, input);
      return { type: 'draft', actor: actor.id, author: actor.id, terms };
    },
  });
  return presentPractice(parts, actor, id, true);
}
