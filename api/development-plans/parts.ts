import {
  developmentPlanWorkflow,
  developmentPlanWorkflowId,
} from '../../workflows/development-plan/id.ts';
import { developmentPlanUpdates } from '../../workflows/development-plan/messages.ts';
import type { Asked } from '../directory/parts.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface PlanParts extends LoopStepParts {
  readonly tell: Tell;
}

export interface Commanded<Input> extends Asked<Input> {
  readonly commandId: string;
  readonly seen?: number | undefined;
}

export interface ById {
  readonly id: string;
  readonly onBehalfOf?: string | undefined;
}

export const planAddress: LoopAddress = {
  workflow: developmentPlanWorkflow,
  workflowId: developmentPlanWorkflowId,
  updates: developmentPlanUpdates,
};
