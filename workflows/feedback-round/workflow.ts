import { roundRules } from '../../domain/feedback-round/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { feedbackRoundUpdates } from './messages.ts';

/** Up to two months: it goes on with a newer build when it continues as new. */
export const feedbackRound = (input: LoopInput): Promise<Receipt> =>
  runLoop(roundRules, feedbackRoundUpdates, input, { lifetime: 'long' });
