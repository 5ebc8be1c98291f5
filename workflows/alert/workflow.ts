import { alertRules } from '../../domain/alert/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { alertUpdates } from './messages.ts';

export const alert = (input: LoopInput): Promise<Receipt> =>
  runLoop(alertRules, alertUpdates, input);
