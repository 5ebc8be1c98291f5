/** Covers as a story, straight to the workflow: what the API and the engine would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { coverWorkflowId } from '../../workflows/cover/id.ts';
import { coverUpdates } from '../../workflows/cover/messages.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { write } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;

type Request = Extract<CoverCommand, { readonly type: 'request' }>;

export interface Cover {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<CoverCommand>;
  takes(by: PersonId): Promise<Receipt>;
  refuses(by: PersonId): Promise<Receipt>;
  handsBack(by: PersonId): Promise<Receipt>;
}

/** Of the account that Berlin's lead owns: three days, four days from now, asked of Tokyo. */
export async function asksForCover(
  world: World,
  { id = randomUUID() as LoopId, ...given }: Partial<Request & { readonly id: LoopId }> = {},
): Promise<Cover> {
  const { client, clock, taskQueue } = world;
  const from = clock.now() + 4 * dayMs;
  const command = {
    type: 'request',
    actor: berlin.lead,
    account,
    owner: berlin.lead,
    manager: berlin.manager,
    reason: 'asked',
    candidates: [tokyo.lead, tokyo.backup],
    note: null,
    absence: null,
    from,
    until: from + 3 * dayMs,
    ...given,
  } as Request;
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'cover', id, command });
  return coverOf(world, id);
}

export function coverOf(world: World, id: LoopId): Cover {
  const workflowId = coverWorkflowId(id);
  const send = sender<CoverCommand>(world, workflowId, coverUpdates);
  return {
    id,
    workflowId,
    send,
    takes: (actor) => send({ type: 'take', actor }),
    refuses: (actor) => send({ type: 'refuse', actor }),
    handsBack: async (actor) =>
      send({ type: 'handBack', actor, content: await write(world, actor, 'cover.hand_back') }),
  };
}
