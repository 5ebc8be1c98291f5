import { delegationRules } from '../../domain/delegation/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { delegationUpdates } from './messages.ts';

/** Up to a year: it goes on with a newer build when it continues as new. */
export const delegation = (input: LoopInput): Promise<Receipt> =>
  runLoop(delegationRules, delegationUpdates, input, { lifetime: 'long' });
