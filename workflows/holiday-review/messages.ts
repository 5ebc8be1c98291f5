/** One update a command: what a person, or the engine, may say to a review while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { HolidayReviewCommand } from '../../domain/holiday-review/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends HolidayReviewCommand['type']> = [
  Envelope<Extract<HolidayReviewCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const holidayReviewUpdates = {
  confirm: defineUpdate<Receipt, Of<'confirm'>>('confirmHoliday'),
  correct: defineUpdate<Receipt, Of<'correct'>>('correctHoliday'),
  settle: defineUpdate<Receipt, Of<'settle'>>('settleHoliday'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdHolidayReview'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeHolidayReview'),
} as const;
