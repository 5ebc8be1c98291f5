import { handoffRules } from '../../domain/handoff/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { handoffUpdates } from './messages.ts';

/** Days to weeks: a handoff ends on the build it began with. */
export const handoff = (input: LoopInput): Promise<Receipt> =>
  runLoop(handoffRules, handoffUpdates, input, { lifetime: 'short' });
