import { budgetWorkflow, budgetWorkflowId } from '../../workflows/budget/id.ts';
import { budgetUpdates } from '../../workflows/budget/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface BudgetParts extends LoopStepParts {
  readonly tell: Tell;
}

export const budgetAddress: LoopAddress = {
  workflow: budgetWorkflow,
  workflowId: budgetWorkflowId,
  updates: budgetUpdates,
};
