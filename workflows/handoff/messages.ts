/** One update a command: what a person may say to a handoff while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends HandoffCommand['type']> = [
  Envelope<Extract<HandoffCommand, { readonly type: Type }>>,
];

export const acceptHandoffUpdate = defineUpdate<Receipt, Of<'readBack'>>('acceptHandoff');
export const confirmHandoffUpdate = defineUpdate<Receipt, Of<'confirm'>>('confirmHandoff');
export const askHandoffUpdate = defineUpdate<Receipt, Of<'ask'>>('askHandoff');
export const answerHandoffUpdate = defineUpdate<Receipt, Of<'answer'>>('answerHandoff');
export const declineHandoffUpdate = defineUpdate<Receipt, Of<'decline'>>('declineHandoff');
export const withdrawHandoffUpdate = defineUpdate<Receipt, Of<'withdraw'>>('withdrawHandoff');
export const reassignHandoffUpdate = defineUpdate<Receipt, Of<'reassign'>>('reassignHandoff');
export const holdHandoffUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdHandoff');
export const resumeHandoffUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeHandoff');

/** By the type of the command that the update carries. */
export const handoffUpdates = {
  readBack: acceptHandoffUpdate,
  confirm: confirmHandoffUpdate,
  ask: askHandoffUpdate,
  answer: answerHandoffUpdate,
  decline: declineHandoffUpdate,
  withdraw: withdrawHandoffUpdate,
  reassign: reassignHandoffUpdate,
  hold: holdHandoffUpdate,
  resume: resumeHandoffUpdate,
} as const;
