import type { LoopId } from '../../domain/id.ts';

export const feedbackRoundWorkflow = 'feedbackRound';
export const feedbackRoundWorkflowId = (id: LoopId): string => `feedbackRound:${id}`;
