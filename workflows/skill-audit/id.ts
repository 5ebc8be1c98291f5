import type { LoopId } from '../../domain/id.ts';

export const skillAuditWorkflow = 'skillAudit';
export const skillAuditWorkflowId = (id: LoopId): string => `skillAudit:${id}`;
