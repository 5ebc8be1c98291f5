/** One update a command: what a person may say to an alert while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { AlertCommand } from '../../domain/alert/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends AlertCommand['type']> = [
  Envelope<Extract<AlertCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const alertUpdates = {
  acknowledge: defineUpdate<Receipt, Of<'acknowledge'>>('acknowledgeAlert'),
  withdraw: defineUpdate<Receipt, Of<'withdraw'>>('withdrawAlert'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdAlert'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeAlert'),
} as const;
