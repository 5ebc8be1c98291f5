import { assignmentWorkflow, assignmentWorkflowId } from '../../workflows/assignment/id.ts';
import { assignmentUpdates } from '../../workflows/assignment/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface AssignmentParts extends LoopStepParts {
  readonly tell: Tell;
}

export const assignmentAddress: LoopAddress = {
  workflow: assignmentWorkflow,
  workflowId: assignmentWorkflowId,
  updates: assignmentUpdates,
};

export interface ById {
  readonly id: string;
}
