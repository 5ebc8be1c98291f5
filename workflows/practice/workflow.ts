import type { Receipt } from '../../domain/loop.ts';
import { practiceRules } from '../../domain/practice/decide.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { practiceUpdates } from './messages.ts';

/** For years: it goes on with a newer build when it continues as new. */
export const practice = (input: LoopInput): Promise<Receipt> =>
  runLoop(practiceRules, practiceUpdates, input, { lifetime: 'long' });
