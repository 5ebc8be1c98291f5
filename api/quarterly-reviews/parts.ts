import {
  quarterlyReviewWorkflow,
  quarterlyReviewWorkflowId,
} from '../../workflows/quarterly-review/id.ts';
import { quarterlyReviewUpdates } from '../../workflows/quarterly-review/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface ReviewParts extends LoopStepParts {
  readonly tell: Tell;
}

export const reviewAddress: LoopAddress = {
  workflow: quarterlyReviewWorkflow,
  workflowId: quarterlyReviewWorkflowId,
  updates: quarterlyReviewUpdates,
};
