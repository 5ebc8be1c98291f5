/** One update a command: what a person, or the engine, may say to a practice while it lives. */
import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';

type Of<Type extends PracticeCommand['type']> = [
  Envelope<Extract<PracticeCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const practiceUpdates = {
  revise: defineUpdate<Receipt, Of<'revise'>>('revisePractice'),
  submit: defineUpdate<Receipt, Of<'submit'>>('submitPractice'),
  review: defineUpdate<Receipt, Of<'review'>>('reviewPractice'),
  nameExpert: defineUpdate<Receipt, Of<'nameExpert'>>('namePracticeExpert'),
  verify: defineUpdate<Receipt, Of<'verify'>>('verifyPractice'),
  translate: defineUpdate<Receipt, Of<'translate'>>('translatePractice'),
  approveTranslation: defineUpdate<Receipt, Of<'approveTranslation'>>('approvePracticeTranslation'),
  refuseTranslation: defineUpdate<Receipt, Of<'refuseTranslation'>>('refusePracticeTranslation'),
  judge: defineUpdate<Receipt, Of<'judge'>>('judgePractice'),
  withdraw: defineUpdate<Receipt, Of<'withdraw'>>('withdrawPractice'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdPractice'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumePractice'),
} as const;
