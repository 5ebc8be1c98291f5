/** People whom a recall for the safety of patients did not reach: whoever is asked to tell them says that it is done. */
import { createRoute, z } from '@hono/zod-openapi';
import { settleUnreached, unreachedOf } from '../../db/practice-unreached.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import type { PracticeParts } from './parts.ts';
import { unreachedAnswer } from './schema.ts';

const params = z.object({ id: z.uuid() });
const answers = {
  200: {
    description: 'The oldest first.',
    content: { 'application/json': { schema: unreachedAnswer } },
  },
} as const;

export const listUnreachedRoute = createRoute({
  method: 'get',
  path: '/me/unreached-recalls',
  operationId: 'listUnreachedRecalls',
  tags: ['practices'],
  summary: 'Whom you are asked to tell in person that something was called back',
  responses: answers,
});

export const settleUnreachedRoute = createRoute({
  method: 'post',
  path: '/me/unreached-recalls/{id}/told',
  operationId: 'tellUnreachedRecall',
  tags: ['practices'],
  summary: 'Says that you have told them',
  request: { params },
  responses: answers,
});

type Answer = z.input<typeof unreachedAnswer>;

export async function listUnreached(
  { db }: Pick<PracticeParts, 'db'>,
  { actor }: Pick<Asked<unknown>, 'actor'>,
): Promise<Answer> {
  const rows = await unreachedOf(db, actor.id);
  return { items: rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() })) };
}

/** Said again, nothing happens; what somebody was not asked is not there for them. */
export async function tellUnreached(
  parts: Pick<PracticeParts, 'db' | 'clock'>,
  { actor, input: { id } }: Pick<Asked<z.output<typeof params>>, 'actor' | 'input'>,
): Promise<Answer> {
  const told = { id, by: actor.id, at: parts.clock.now() };
  if (!(await settleUnreached(parts.db, told))) throw new Refusal(problem('request.not_found'));
  return listUnreached(parts, { actor });
}
