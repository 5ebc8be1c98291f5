/** One update a command: what a person may say to a round of feedback while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { RoundCommand } from '../../domain/feedback-round/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends RoundCommand['type']> = [
  Envelope<Extract<RoundCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const feedbackRoundUpdates = {
  nominate: defineUpdate<Receipt, Of<'nominate'>>('nominateRaters'),
  release: defineUpdate<Receipt, Of<'release'>>('releaseFeedbackRound'),
  answer: defineUpdate<Receipt, Of<'answer'>>('answerFeedbackRound'),
  decline: defineUpdate<Receipt, Of<'decline'>>('declineFeedbackRound'),
  cancel: defineUpdate<Receipt, Of<'cancel'>>('cancelFeedbackRound'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdFeedbackRound'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeFeedbackRound'),
} as const;
