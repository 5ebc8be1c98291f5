import { skillAuditWorkflow, skillAuditWorkflowId } from '../../workflows/skill-audit/id.ts';
import { skillAuditUpdates } from '../../workflows/skill-audit/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface AuditParts extends LoopStepParts {
  readonly tell: Tell;
}

export const auditAddress: LoopAddress = {
  workflow: skillAuditWorkflow,
  workflowId: skillAuditWorkflowId,
  updates: skillAuditUpdates,
};
