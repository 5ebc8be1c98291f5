import { createRoute, type z } from '@hono/zod-openapi';
import { scheduleChange as schedule, scheduledMax } from '../../db/changes.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { askedChange, authoriseChange, type ChangeParts, type ShownChange } from './present.ts';
import { readChange } from './read-change.ts';
import { changeAnswer, changeBody } from './schema.ts';

export const scheduleChangeRoute = createRoute({
  method: 'post',
  path: '/changes',
  operationId: 'scheduleChange',
  tags: ['changes'],
  summary: 'Changes the organisation from a day on; it happens by itself on that day',
  request: { body: { required: true, content: { 'application/json': { schema: changeBody } } } },
  responses: {
    201: {
      description: 'Until its day it can be cancelled.',
      content: { 'application/json': { schema: changeAnswer } },
    },
  },
});

interface Commanded extends Asked<z.output<typeof changeBody>> {
  readonly commandId: string;
}

export async function scheduleChange(
  parts: ChangeParts,
  { actor, input, commandId: id }: Commanded,
): Promise<ShownChange> {
  authoriseChange(actor);
  const asked = await askedChange(parts, input);
  const by = { by: actor.id, now: parts.clock.now() };
  const outcome = await schedule(parts.db, { id, ...asked, ...by });
  if (outcome === 'full') throw new Refusal(problem('change.too_many', { max: scheduledMax }));
  if (!outcome.ok) throw new Refusal(outcome.problems[0]);
  return readChange(parts, { actor, input: { id } });
}
