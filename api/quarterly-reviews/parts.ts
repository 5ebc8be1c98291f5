import {
  quarterlyReviewWorkflow,
  quarterlyReviewWorkflowId,
} from '../../workflows/quarterly-review/id.ts';
import { quarterlyReviewUpdates } from '../../workflows/quarterly-review/messages.ts';
import type { Asked } from '../directory/parts.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface ReviewParts extends LoopStepParts {
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

export const reviewAddress: LoopAddress = {
  workflow: quarterlyReviewWorkflow,
  workflowId: quarterlyReviewWorkflowId,
  updates: quarterlyReviewUpdates,
};
