import {
  feedbackRoundWorkflow,
  feedbackRoundWorkflowId,
} from '../../workflows/feedback-round/id.ts';
import { feedbackRoundUpdates } from '../../workflows/feedback-round/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface FeedbackParts extends LoopStepParts {
  readonly tell: Tell;
}

export const feedbackAddress: LoopAddress = {
  workflow: feedbackRoundWorkflow,
  workflowId: feedbackRoundWorkflowId,
  updates: feedbackRoundUpdates,
};
