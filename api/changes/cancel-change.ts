import { createRoute, type z } from '@hono/zod-openapi';
import { cancelChange as cancel, findChange } from '../../db/changes.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { authoriseChange, type ChangeParts, type ShownChange } from './present.ts';
import { readChange } from './read-change.ts';
import { cancellation, changeAnswer, changeParams } from './schema.ts';

export const cancelChangeRoute = createRoute({
  method: 'post',
  path: '/changes/{id}/cancel',
  operationId: 'cancelChange',
  tags: ['changes'],
  summary: 'Takes a change back before its day',
  request: {
    params: changeParams,
    body: { required: true, content: { 'application/json': { schema: cancellation } } },
  },
  responses: {
    200: {
      description: 'Nothing happens on its day.',
      content: { 'application/json': { schema: changeAnswer } },
    },
  },
});

export async function cancelChange(
  parts: ChangeParts,
  { actor, input: { id } }: Asked<z.output<typeof changeParams>>,
): Promise<ShownChange> {
  authoriseChange(actor);
  const { db, clock } = parts;
  const isCancelled = await cancel(db, { id, by: actor.id, at: clock.now() });
  const found = isCancelled ? null : await findChange(db, id);
  if (!isCancelled && !found) throw new Refusal(problem('request.not_found'));
  // A repeat of one's own cancellation finds it done.
  const isDone = found?.status === 'cancelled' && found.cancelledBy === actor.id;
  if (found && !isDone) throw new Refusal(problem('change.not_scheduled'));
  return readChange(parts, { actor, input: { id } });
}
