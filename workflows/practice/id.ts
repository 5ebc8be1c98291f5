import type { LoopId } from '../../domain/id.ts';

export const practiceWorkflow = 'practice';
export const practiceWorkflowId = (id: LoopId): string => `practice:${id}`;
