import type { LoopId } from '../../domain/id.ts';

export const coverWorkflow = 'cover';
export const coverWorkflowId = (id: LoopId): string => `cover:${id}`;
