import type { LoopId } from '../../domain/id.ts';

export const budgetWorkflow = 'budgetRequest';
export const budgetWorkflowId = (id: LoopId): string => `budgetRequest:${id}`;
