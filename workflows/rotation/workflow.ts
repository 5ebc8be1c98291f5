import type { Receipt } from '../../domain/loop.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { rotationUpdates } from './messages.ts';

/** For months and years: it goes on with a newer build when it continues as new. */
export const rotation = (input: LoopInput): Promise<Receipt> =>
  runLoop(rotationRules, rotationUpdates, input, { lifetime: 'long' });
