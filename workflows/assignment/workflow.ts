import { assignmentRules } from '../../domain/assignment/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { assignmentUpdates } from './messages.ts';

/** Events of history after which it goes on in a new run: up to two years, and never a long replay. */
const historyEventsMax = 26;

export const assignment = (input: LoopInput): Promise<Receipt> =>
  runLoop(assignmentRules, assignmentUpdates, input, { lifetime: 'long', historyEventsMax });
