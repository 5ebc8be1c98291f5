import { holidayReviewRules } from '../../domain/holiday-review/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { holidayReviewUpdates } from './messages.ts';

/** Three weeks at most: a review ends on the build it began with. */
export const holidayReview = (input: LoopInput): Promise<Receipt> =>
  runLoop(holidayReviewRules, holidayReviewUpdates, input, { lifetime: 'short' });
