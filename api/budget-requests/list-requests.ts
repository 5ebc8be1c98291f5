import { createRoute, type z } from '@hono/zod-openapi';
import { listBudgetRequests } from '../../db/budget-requests.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { BudgetParts } from './parts.ts';
import { type BudgetSummary, summaryOf } from './present.ts';
import { budgetsAnswer, budgetsQuery } from './schema.ts';

export const listBudgetsRoute = createRoute({
  method: 'get',
  path: '/budget-requests',
  operationId: 'listBudgetRequests',
  tags: ['budget requests'],
  summary: 'The budget requests you may see, the newest first',
  request: { query: budgetsQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: budgetsAnswer } },
    },
  },
});

export async function listBudgets(
  { db }: BudgetParts,
  { actor, input }: Asked<z.output<typeof budgetsQuery>>,
): Promise<Page<BudgetSummary>> {
  const { cursor, limit, requester, plan, open } = input;
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const rows = await listBudgetRequests(db, actor, {
    before: place && { submittedAt: place[0], id: place[1] as LoopId },
    limit: limit + 1,
    requester: requester as PersonId | undefined,
    plan,
    isOpen: open,
  });
  return pageOf(rows, limit, {
    item: summaryOf,
    place: ({ submittedAt, id }) => [submittedAt, id],
  });
}
