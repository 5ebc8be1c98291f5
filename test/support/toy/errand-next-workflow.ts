/** What a worker of the next build runs, under the names of the build before. */
import type { Receipt } from '../../../domain/loop.ts';
import { runLoop } from '../../../workflows/kernel.ts';
import type { LoopInput } from '../../../workflows/messages.ts';
import { nextErrandRules } from './errand-next.ts';
import { errandUpdates } from './errand-workflow.ts';

export { quarters } from '../../../workflows/quarterly-review/quarters.ts';

export const errand = (input: LoopInput): Promise<Receipt> =>
  runLoop(nextErrandRules, errandUpdates, input);

export const longErrand = (input: LoopInput): Promise<Receipt> =>
  runLoop(nextErrandRules, errandUpdates, input, { lifetime: 'long' });
