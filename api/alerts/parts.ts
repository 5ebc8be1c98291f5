import { alertWorkflow, alertWorkflowId } from '../../workflows/alert/id.ts';
import { alertUpdates } from '../../workflows/alert/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface AlertParts extends LoopStepParts {
  readonly tell: Tell;
}

export const alertAddress: LoopAddress = {
  workflow: alertWorkflow,
  workflowId: alertWorkflowId,
  updates: alertUpdates,
};
