import type { LoopId } from '../../domain/id.ts';

export const quarterlyReviewWorkflow = 'quarterlyReview';
export const quarterlyReviewWorkflowId = (id: LoopId): string => `quarterlyReview:${id}`;
