import { coverRules } from '../../domain/cover/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { coverUpdates } from './messages.ts';

/** Up to three months: it goes on with a newer build when it continues as new. */
export const cover = (input: LoopInput): Promise<Receipt> =>
  runLoop(coverRules, coverUpdates, input, { lifetime: 'long' });
