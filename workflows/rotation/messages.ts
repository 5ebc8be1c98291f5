/** One update a command: what a person may say to a rotation while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';
import type { RotationCommand } from '../../domain/rotation/state.ts';

type Of<Type extends RotationCommand['type']> = [
  Envelope<Extract<RotationCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const rotationUpdates = {
  change: defineUpdate<Receipt, Of<'change'>>('changeRotation'),
  end: defineUpdate<Receipt, Of<'end'>>('endRotation'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdRotation'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeRotation'),
} as const;
