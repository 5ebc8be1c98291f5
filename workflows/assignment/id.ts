import type { LoopId } from '../../domain/id.ts';

export const assignmentWorkflow = 'assignment';
export const assignmentWorkflowId = (id: LoopId): string => `assignment:${id}`;
