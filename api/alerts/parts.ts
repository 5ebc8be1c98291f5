import { alertWorkflow, alertWorkflowId } from '../../workflows/alert/id.ts';
import { alertUpdates } from '../../workflows/alert/messages.ts';
import type { Asked } from '../directory/parts.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface AlertParts extends LoopStepParts {
  readonly tell: Tell;
}

export interface Commanded<Input> extends Asked<Input> {
  readonly commandId: string;
  readonly seen?: number | undefined;
}

export const alertAddress: LoopAddress = {
  workflow: alertWorkflow,
  workflowId: alertWorkflowId,
  updates: alertUpdates,
};
