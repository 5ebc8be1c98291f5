import type { LoopId } from '../../domain/id.ts';

export const alertWorkflow = 'alert';
export const alertWorkflowId = (id: LoopId): string => `alert:${id}`;
