/** One update a command: what a person may say to a quarterly review while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, Receipt } from '../../domain/loop.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';

type Of<Type extends ReviewCommand['type']> = [Envelope<ReviewCommand & { readonly type: Type }>];

/** By the type of the command that the update carries. */
export const quarterlyReviewUpdates = {
  confirm: defineUpdate<Receipt, Of<'confirm'>>('confirmQuarterlyReview'),
  move: defineUpdate<Receipt, Of<'move'>>('moveQuarterlyReview'),
  addAction: defineUpdate<Receipt, Of<'addAction'>>('addActionToQuarterlyReview'),
  finishAction: defineUpdate<Receipt, Of<'finishAction'>>('finishActionOfQuarterlyReview'),
  conclude: defineUpdate<Receipt, Of<'conclude'>>('concludeQuarterlyReview'),
  cancel: defineUpdate<Receipt, Of<'cancel'>>('cancelQuarterlyReview'),
} as const;
