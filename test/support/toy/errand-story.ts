/** The errand loop as a story: who asks whom, and what they do. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { LoopGateway } from '../../../api/loop-gateway.ts';
import type { LoopId, PersonId } from '../../../domain/id.ts';
import type { HoldCommand, Receipt } from '../../../domain/loop.ts';
import { openLoopUpdate } from '../../../workflows/messages.ts';
import { createWorld, type World, type WorldOptions } from '../world.ts';
import { givenPeople, person } from '../people.ts';
import type { ErrandCommand } from './errand.ts';
import { errandDefinition } from './errand-definition.ts';
import { createErrandTables } from './errand-record.ts';

export const asker = person('asker');
export const doer = person('doer');

export async function errandWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({
    loops: { errand: errandDefinition() },
    workflows: 'test/support/toy/errand-workflow.ts',
    ...options,
  });
  await createErrandTables(world.database.db);
  await givenPeople(world.database.db, [
    { id: 'asker', zone: 'Europe/London' },
    { id: 'doer', zone: 'Etc/UTC', manager: 'asker' },
  ]);
  return world;
}

export interface Errand {
  readonly id: LoopId;
  readonly workflowId: string;
  work(amount: number, commandId?: string): Promise<Receipt>;
  finish(actor?: PersonId, commandId?: string): Promise<Receipt>;
  hold(): Promise<Receipt>;
  resume(): Promise<Receipt>;
}

type Act = ErrandCommand | HoldCommand;
type Story = Pick<World, 'client' | 'clock' | 'taskQueue'>;

/** How the API starts a loop: the opening command travels with the start. */
export async function ask(
  story: Story,
  allowanceMinutes = 480,
  { id = randomUUID() as LoopId, workflow = 'errand' } = {},
): Promise<Errand> {
  const { client, clock, taskQueue } = story;
  const workflowId = `errand:${id}`;
  const command: ErrandCommand = { type: 'ask', actor: asker, doer, allowanceMinutes };
  const open = { commandId: 'open', command, at: clock.now() };
  await client.workflow.executeUpdateWithStart(openLoopUpdate, {
    updateId: 'open',
    startWorkflowOperation: new WithStartWorkflowOperation(workflow, {
      workflowId,
      taskQueue,
      args: [{ id, open }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: '5s',
    }),
  });
  return errandOf(story, id);
}

/** Straight to the workflow, unless through a gateway, as the API sends. */
export function errandOf(
  { client, clock }: Omit<Story, 'taskQueue'>,
  id: LoopId,
  gateway?: Pick<LoopGateway, 'send'>,
): Errand {
  const workflowId = `errand:${id}`;
  const handle = client.workflow.getHandle(workflowId);
  const send = (update: string, command: Act, commandId: string = randomUUID()) => {
    const envelope = { commandId, command, at: clock.now() };
    if (gateway) return gateway.send({ workflowId, loopId: id, update, envelope });
    const args: [object] = [envelope];
    return handle.executeUpdate<Receipt, [object]>(update, { updateId: commandId, args });
  };
  return {
    id,
    workflowId,
    work: (amount, commandId) =>
      send('workErrand', { type: 'work', actor: doer, amount }, commandId),
    finish: (actor = doer, commandId) => send('finishErrand', { type: 'finish', actor }, commandId),
    hold: () => send('holdErrand', { type: 'hold', actor: asker }),
    resume: () => send('resumeErrand', { type: 'resume', actor: asker }),
  };
}

type Recorded = { readonly database: Pick<World['database'], 'db'> };

/** The loop's transitions as the record has them. */
export async function transitions({ database }: Recorded, id: LoopId) {
  return database.db
    .selectFrom('transition')
    .selectAll()
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .execute();
}

export const commandsOf = async (world: Recorded, id: LoopId): Promise<string[]> =>
  (await transitions(world, id)).map((row) => row.command_type);
