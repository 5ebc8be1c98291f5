import type { LoopId } from '../../domain/id.ts';
import { handoffWorkflow, handoffWorkflowId } from '../../workflows/handoff/id.ts';
import { handoffUpdates } from '../../workflows/handoff/messages.ts';
import type { LoopGateway } from '../loop-gateway.ts';
import type { HandoffGateway } from './parts.ts';

const addressOf = (loopId: LoopId) => ({ loopId, workflowId: handoffWorkflowId(loopId) });

export const createHandoffGateway = (loops: LoopGateway): HandoffGateway => ({
  open: (id, envelope) => loops.start({ ...addressOf(id), workflow: handoffWorkflow, envelope }),
  send(id, envelope) {
    const { type } = envelope.command;
    const update = handoffUpdates[type as keyof typeof handoffUpdates].name;
    return loops.send({ ...addressOf(id), update, envelope });
  },
});
