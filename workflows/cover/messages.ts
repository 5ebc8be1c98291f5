/** One update a command: what a person, or the engine, may say to a cover while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends CoverCommand['type']> = [
  Envelope<Extract<CoverCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const coverUpdates = {
  take: defineUpdate<Receipt, Of<'take'>>('takeCover'),
  refuse: defineUpdate<Receipt, Of<'refuse'>>('refuseCover'),
  withdraw: defineUpdate<Receipt, Of<'withdraw'>>('withdrawCover'),
  handBack: defineUpdate<Receipt, Of<'handBack'>>('handBackCover'),
  endEarly: defineUpdate<Receipt, Of<'endEarly'>>('endCoverEarly'),
  release: defineUpdate<Receipt, Of<'release'>>('releaseCover'),
  drop: defineUpdate<Receipt, Of<'drop'>>('dropCover'),
  overtake: defineUpdate<Receipt, Of<'overtake'>>('overtakeCover'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdCover'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeCover'),
} as const;
