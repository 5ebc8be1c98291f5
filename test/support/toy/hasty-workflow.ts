/** Workflows as a careless change would leave them: each does something before it begins. */
import { sleep } from '@temporalio/workflow';
import type { Receipt } from '../../../domain/loop.ts';
import { handoff as carefulHandoff } from '../../../workflows/handoff/workflow.ts';
import { holidayReview as carefulReview } from '../../../workflows/holiday-review/workflow.ts';
import type { LoopInput } from '../../../workflows/messages.ts';

const hasty =
  (careful: (input: LoopInput) => Promise<Receipt>) =>
  async (input: LoopInput): Promise<Receipt> => {
    await sleep(1_000);
    return careful(input);
  };

export const handoff = hasty(carefulHandoff);
export const holidayReview = hasty(carefulReview);
