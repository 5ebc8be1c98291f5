import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { BudgetParts } from './parts.ts';
import { type BudgetRequest, presentBudget } from './present.ts';
import { budgetAnswer, budgetParams } from './schema.ts';

export const readBudgetRoute = createRoute({
  method: 'get',
  path: '/budget-requests/{id}',
  operationId: 'readBudgetRequest',
  tags: ['budget requests'],
  summary: 'A budget request: what it asks for, who decides, and what happened',
  request: { params: budgetParams },
  responses: {
    200: {
      description: 'The request, with its ETag.',
      content: { 'application/json': { schema: budgetAnswer } },
    },
  },
});

export const readBudget = (
  parts: BudgetParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<BudgetRequest> => presentBudget(parts, actor, input.id as LoopId);
