import type { LoopId } from '../../domain/id.ts';

export const holidayReviewWorkflow = 'holidayReview';

export const holidayReviewWorkflowId = (id: LoopId): string => `holidayReview:${id}`;
