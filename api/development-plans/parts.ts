import {
  developmentPlanWorkflow,
  developmentPlanWorkflowId,
} from '../../workflows/development-plan/id.ts';
import { developmentPlanUpdates } from '../../workflows/development-plan/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface PlanParts extends LoopStepParts {
  readonly tell: Tell;
}

export const planAddress: LoopAddress = {
  workflow: developmentPlanWorkflow,
  workflowId: developmentPlanWorkflowId,
  updates: developmentPlanUpdates,
};
