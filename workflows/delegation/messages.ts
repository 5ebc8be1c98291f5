/** One update a command: what a person may say to a delegation while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { DelegationCommand } from '../../domain/delegation/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends DelegationCommand['type']> = [
  Envelope<Extract<DelegationCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const delegationUpdates = {
  end: defineUpdate<Receipt, Of<'end'>>('endDelegation'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdDelegation'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeDelegation'),
} as const;
