import type { DeliveryWay } from '../../domain/exchange/practice.ts';
import { practiceWorkflow, practiceWorkflowId } from '../../workflows/practice/id.ts';
import { practiceUpdates } from '../../workflows/practice/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface PracticeParts extends LoopStepParts {
  readonly tell: Tell;
  /** How somebody reads what they are shown here; absent: over the API. */
  readonly via?: DeliveryWay;
}

export const practiceAddress: LoopAddress = {
  workflow: practiceWorkflow,
  workflowId: practiceWorkflowId,
  updates: practiceUpdates,
};
