import { createRoute, type z } from '@hono/zod-openapi';
import { recordedState } from '../../db/recorded-state.ts';
import { explainBudget as sentencesOf } from '../../domain/budget/explain.ts';
import type { BudgetCommand, BudgetState } from '../../domain/budget/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { BudgetParts } from './parts.ts';
import { seenBudget } from './present.ts';
import { budgetParams, explainAnswer } from './schema.ts';

export const explainBudgetRoute = createRoute({
  method: 'get',
  path: '/budget-requests/{id}/explain',
  operationId: 'explainBudgetRequest',
  tags: ['budget requests'],
  summary: 'Why a request stands where it stands, and what happens next if nobody acts',
  request: { params: budgetParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainBudget(
  parts: BudgetParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const { status, isHeld } = await seenBudget(parts, actor, id);
  const { held, moments } = await recordedState<BudgetState, BudgetCommand>(parts.db, id);
  return {
    status,
    isHeld,
    sentences: [...(await parts.tell(actor.id, sentencesOf(held, moments)))],
  };
}
