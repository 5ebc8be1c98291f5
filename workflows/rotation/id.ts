import type { LoopId } from '../../domain/id.ts';

export const rotationWorkflow = 'rotation';
export const rotationWorkflowId = (id: LoopId): string => `rotation:${id}`;
