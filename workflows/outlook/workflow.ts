import type { Receipt } from '../../domain/loop.ts';
import { outlookRules } from '../../domain/outlook/decide.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { outlookUpdates } from './messages.ts';

/** As long as what was found lasts: it goes on with a newer build when it continues as new. */
export const outlook = (input: LoopInput): Promise<Receipt> =>
  runLoop(outlookRules, outlookUpdates, input, { lifetime: 'long' });
