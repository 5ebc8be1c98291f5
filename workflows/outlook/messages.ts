/** One update a command: what a person, or the look-ahead, may say to a finding while it lasts. */
import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';
import type { OutlookCommand } from '../../domain/outlook/state.ts';

type Of<Type extends OutlookCommand['type']> = [
  Envelope<Extract<OutlookCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const outlookUpdates = {
  acknowledge: defineUpdate<Receipt, Of<'acknowledge'>>('acknowledgeFinding'),
  observe: defineUpdate<Receipt, Of<'observe'>>('observeFinding'),
  settle: defineUpdate<Receipt, Of<'settle'>>('settleFinding'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdFinding'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeFinding'),
} as const;
