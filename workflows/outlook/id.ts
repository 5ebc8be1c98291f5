import type { LoopId } from '../../domain/id.ts';

export const outlookWorkflow = 'outlook';

export const outlookWorkflowId = (id: LoopId): string => `outlook:${id}`;
