import type { LoopId } from '../../domain/id.ts';

export const delegationWorkflow = 'delegation';
export const delegationWorkflowId = (id: LoopId): string => `delegation:${id}`;
