import {
  feedbackRoundWorkflow,
  feedbackRoundWorkflowId,
} from '../../workflows/feedback-round/id.ts';
import { feedbackRoundUpdates } from '../../workflows/feedback-round/messages.ts';
import type { Asked } from '../directory/parts.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface FeedbackParts extends LoopStepParts {
  readonly tell: Tell;
}

export interface Commanded<Input> extends Asked<Input> {
  readonly commandId: string;
  readonly seen?: number | undefined;
}

export const feedbackAddress: LoopAddress = {
  workflow: feedbackRoundWorkflow,
  workflowId: feedbackRoundWorkflowId,
  updates: feedbackRoundUpdates,
};
