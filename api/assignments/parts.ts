import { assignmentWorkflow, assignmentWorkflowId } from '../../workflows/assignment/id.ts';
import { assignmentUpdates } from '../../workflows/assignment/messages.ts';
import type { Asked } from '../directory/parts.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface AssignmentParts extends LoopStepParts {
  readonly tell: Tell;
}

export interface Commanded<Input> extends Asked<Input> {
  readonly commandId: string;
  readonly seen?: number | undefined;
}

export const assignmentAddress: LoopAddress = {
  workflow: assignmentWorkflow,
  workflowId: assignmentWorkflowId,
  updates: assignmentUpdates,
};

export interface ById {
  readonly id: string;
}
