import { assert } from '../../domain/assert.ts';
import type { LoopId } from '../../domain/id.ts';

const prefix = 'handoff:';

export const handoffWorkflow = 'handoff';

export const handoffWorkflowId = (id: LoopId): string => `${prefix}${id}`;

export function handoffIdOf(workflowId: string): LoopId {
  assert(workflowId.startsWith(prefix), `${workflowId} is a handoff's workflow id`);
  return workflowId.slice(prefix.length) as LoopId;
}
