/** Delegations as a story, straight to the workflow. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type { DelegationCommand } from '../../domain/delegation/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { HoldCommand, Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { delegationWorkflowId } from '../../workflows/delegation/id.ts';
import { delegationUpdates } from '../../workflows/delegation/messages.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;

type Give = Extract<DelegationCommand, { readonly type: 'give' }>;

export interface DelegationStory {
  readonly id: LoopId;
  readonly workflowId: string;
  send(command: DelegationCommand | HoldCommand): Promise<Receipt>;
  ends(by: PersonId): Promise<Receipt>;
}

/** Berlin's manager is away for three days from tomorrow, and Tokyo's manager decides. */
export async function delegates(world: World, given: Partial<Give> = {}): Promise<DelegationStory> {
  const { client, clock, taskQueue } = world;
  const id = randomUUID() as LoopId;
  const from = clock.now() + dayMs;
  const command = {
    type: 'give',
    actor: berlin.manager,
    delegation: id,
    principal: berlin.manager,
    delegate: tokyo.manager,
    scope: 'all',
    from,
    until: from + 3 * dayMs,
    source: 'person',
    absence: null,
    ...given,
  } as Give;
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'delegation', id, command });
  const workflowId = delegationWorkflowId(id);
  const send = (sent: DelegationCommand | HoldCommand): Promise<Receipt> => {
    const commandId = randomUUID();
    const { name } = delegationUpdates[sent.type as keyof typeof delegationUpdates];
    return client.workflow.getHandle(workflowId).executeUpdate<Receipt, [object]>(name, {
      updateId: commandId,
      args: [{ commandId, command: sent, at: clock.now() }],
    });
  };
  return { id, workflowId, send, ends: (actor) => send({ type: 'end', actor }) };
}
