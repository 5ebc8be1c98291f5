import { reviewRules } from '../../domain/quarterly-review/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { quarterlyReviewUpdates } from './messages.ts';

/** Until what was agreed is done, months later: it goes on with a newer build when it continues as new. */
export const quarterlyReview = (input: LoopInput): Promise<Receipt> =>
  runLoop(reviewRules, quarterlyReviewUpdates, input, { lifetime: 'long' });
