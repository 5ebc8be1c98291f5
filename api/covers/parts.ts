import { coverWorkflow, coverWorkflowId } from '../../workflows/cover/id.ts';
import { coverUpdates } from '../../workflows/cover/messages.ts';
import type { Tell } from '../tell.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';

/** What each operation here works with. */
export interface CoverParts extends LoopStepParts {
  readonly tell: Tell;
}

export const coverAddress: LoopAddress = {
  workflow: coverWorkflow,
  workflowId: coverWorkflowId,
  updates: coverUpdates,
};
