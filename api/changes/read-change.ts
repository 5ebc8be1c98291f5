import { createRoute, type z } from '@hono/zod-openapi';
import { findChange, previewed } from '../../db/changes.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import {
  authoriseReading,
  type ChangeParts,
  shownChange,
  type ShownChange,
  shownMoves,
  shownPlan,
  shownProblems,
} from './present.ts';
import { changeAnswer, changeParams } from './schema.ts';

export const readChangeRoute = createRoute({
  method: 'get',
  path: '/changes/{id}',
  operationId: 'readChange',
  tags: ['changes'],
  summary: 'A change of the organisation: what it would do now, or what it did',
  request: { params: changeParams },
  responses: {
    200: {
      description: 'While it is scheduled, previewed anew with the directory of now.',
      content: { 'application/json': { schema: changeAnswer } },
    },
  },
});

export async function readChange(
  parts: ChangeParts,
  { actor, input: { id } }: Asked<z.output<typeof changeParams>>,
): Promise<ShownChange> {
  authoriseReading(actor);
  const found = await findChange(parts.db, id);
  if (!found) throw new Refusal(problem('request.not_found'));
  const shown = shownChange(found);
  if (found.status === 'scheduled') {
    return { ...shown, ...(await shownPlan(parts, actor, await previewed(parts.db, found))) };
  }
  const problems = found.problem === null ? [] : [found.problem];
  return {
    ...shown,
    plan: found.plan && shownMoves(found.plan),
    refusals: await shownProblems(parts.tell, actor, problems),
  };
}
