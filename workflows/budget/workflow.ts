import { budgetRules } from '../../domain/budget/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { budgetUpdates } from './messages.ts';

/** Up to years for a long programme: it goes on with a newer build when it continues as new. */
export const budgetRequest = (input: LoopInput): Promise<Receipt> =>
  runLoop(budgetRules, budgetUpdates, input, { lifetime: 'long' });
