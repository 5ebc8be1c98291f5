/** One update a command: what a person may say to a handoff while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends HandoffCommand['type']> = [
  Envelope<Extract<HandoffCommand, { readonly type: Type }>>,
];

const acceptHandoffUpdate = defineUpdate<Receipt, Of<'readBack'>>('acceptHandoff');
const confirmHandoffUpdate = defineUpdate<Receipt, Of<'confirm'>>('confirmHandoff');
const sendBackHandoffUpdate = defineUpdate<Receipt, Of<'sendBack'>>('sendBackHandoff');
const reviseHandoffUpdate = defineUpdate<Receipt, Of<'revise'>>('reviseHandoff');
const askHandoffUpdate = defineUpdate<Receipt, Of<'ask'>>('askHandoff');
const answerHandoffUpdate = defineUpdate<Receipt, Of<'answer'>>('answerHandoff');
const declineHandoffUpdate = defineUpdate<Receipt, Of<'decline'>>('declineHandoff');
const withdrawHandoffUpdate = defineUpdate<Receipt, Of<'withdraw'>>('withdrawHandoff');
const reassignHandoffUpdate = defineUpdate<Receipt, Of<'reassign'>>('reassignHandoff');
const holdHandoffUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdHandoff');
/** Told by the step that moved its account. */
const dropHandoffUpdate = defineUpdate<Receipt, Of<'drop'>>('dropHandoff');
const resumeHandoffUpdate = defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeHandoff');

/** By the type of the command that the update carries. */
export const handoffUpdates = {
  readBack: acceptHandoffUpdate,
  confirm: confirmHandoffUpdate,
  sendBack: sendBackHandoffUpdate,
  revise: reviseHandoffUpdate,
  ask: askHandoffUpdate,
  answer: answerHandoffUpdate,
  decline: declineHandoffUpdate,
  withdraw: withdrawHandoffUpdate,
  reassign: reassignHandoffUpdate,
  hold: holdHandoffUpdate,
  resume: resumeHandoffUpdate,
  drop: dropHandoffUpdate,
} as const;
