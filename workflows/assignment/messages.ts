/** One update a command: what a person may say to an assignment while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { AssignmentCommand } from '../../domain/assignment/state.ts';
import type { Envelope, Receipt } from '../../domain/loop.ts';

type Of<Type extends AssignmentCommand['type']> = [
  Envelope<AssignmentCommand & { readonly type: Type }>,
];

/** By the type of the command that the update carries. */
export const assignmentUpdates = {
  sign: defineUpdate<Receipt, Of<'sign'>>('signAssignment'),
  decline: defineUpdate<Receipt, Of<'decline'>>('declineAssignment'),
  change: defineUpdate<Receipt, Of<'change'>>('changeAssignment'),
  approve: defineUpdate<Receipt, Of<'approve'>>('approveAssignment'),
  forbid: defineUpdate<Receipt, Of<'forbid'>>('forbidAssignment'),
  finishDuty: defineUpdate<Receipt, Of<'finishDuty'>>('finishDutyOfAssignment'),
  start: defineUpdate<Receipt, Of<'start'>>('startAssignment'),
  cancel: defineUpdate<Receipt, Of<'cancel'>>('cancelAssignment'),
  returnEarly: defineUpdate<Receipt, Of<'returnEarly'>>('returnEarlyFromAssignment'),
  answerCheckIn: defineUpdate<Receipt, Of<'answerCheckIn'>>('answerCheckInOfAssignment'),
  confirmTraining: defineUpdate<Receipt, Of<'confirmTraining'>>('confirmTrainingOfAssignment'),
  giveLesson: defineUpdate<Receipt, Of<'giveLesson'>>('giveLessonOfAssignment'),
  giveFeedback: defineUpdate<Receipt, Of<'giveFeedback'>>('giveFeedbackOfAssignment'),
  rate: defineUpdate<Receipt, Of<'rate'>>('rateAssignment'),
} as const;
