import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, HoldCommand, Receipt } from '../../../domain/loop.ts';
import { runLoop } from '../../../workflows/kernel.ts';
import type { LoopInput } from '../../../workflows/messages.ts';
import { errandRules, type ErrandCommand } from './errand.ts';

export { quarters } from '../../../workflows/quarterly-review/quarters.ts';

type Of<Type extends ErrandCommand['type']> = Envelope<Extract<ErrandCommand, { type: Type }>>;

export const workErrandUpdate = defineUpdate<Receipt, [Of<'work'>]>('workErrand');
export const finishErrandUpdate = defineUpdate<Receipt, [Of<'finish'>]>('finishErrand');
export const holdErrandUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdErrand');
export const resumeErrandUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeErrand');

export const errandUpdates = {
  work: workErrandUpdate,
  finish: finishErrandUpdate,
  hold: holdErrandUpdate,
  resume: resumeErrandUpdate,
};

export const errand = (input: LoopInput): Promise<Receipt> =>
  runLoop(errandRules, errandUpdates, input);

/** The same loop, living long: it moves to a newer build when it continues as new. */
export const longErrand = (input: LoopInput): Promise<Receipt> =>
  runLoop(errandRules, errandUpdates, input, { lifetime: 'long' });
