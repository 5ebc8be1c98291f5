/** One update a command: what a person, or a loop that is linked, may say to a plan while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { PlanCommand } from '../../domain/development-plan/state.ts';
import type { Envelope, Receipt } from '../../domain/loop.ts';

type Of<Type extends PlanCommand['type']> = [Envelope<PlanCommand & { readonly type: Type }>];

/** By the type of the command that the update carries. */
export const developmentPlanUpdates = {
  agree: defineUpdate<Receipt, Of<'agree'>>('agreeDevelopmentPlan'),
  refuse: defineUpdate<Receipt, Of<'refuse'>>('refuseDevelopmentPlan'),
  change: defineUpdate<Receipt, Of<'change'>>('changeDevelopmentPlan'),
  link: defineUpdate<Receipt, Of<'link'>>('linkToDevelopmentPlan'),
  hear: defineUpdate<Receipt, Of<'hear'>>('hearOfLinkedLoop'),
  review: defineUpdate<Receipt, Of<'review'>>('reviewDevelopmentPlan'),
  coach: defineUpdate<Receipt, Of<'coach'>>('coachDevelopmentPlan'),
  stepDown: defineUpdate<Receipt, Of<'stepDown'>>('stepDownFromDevelopmentPlan'),
  close: defineUpdate<Receipt, Of<'close'>>('closeDevelopmentPlan'),
  cancel: defineUpdate<Receipt, Of<'cancel'>>('cancelDevelopmentPlan'),
} as const;
