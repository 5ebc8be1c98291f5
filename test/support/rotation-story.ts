/** Rotations as a story, straight to the workflow. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { insertContent } from '../../db/contents.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { RotationCommand } from '../../domain/rotation/state.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { rotationWorkflowId } from '../../workflows/rotation/id.ts';
import { rotationUpdates } from '../../workflows/rotation/messages.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { handoffOf, type Handoff } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Start = Extract<RotationCommand, { readonly type: 'start' }>;

export interface Rotation {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<RotationCommand>;
  /** The handoff that it opened last, once it is recorded. */
  handoff(): Promise<Handoff & { readonly receiver: PersonId }>;
}

/** Of the account that Berlin's lead owns: Berlin and Tokyo take turns. */
export async function startsRotation(world: World, given: Partial<Start> = {}): Promise<Rotation> {
  const { client, clock, taskQueue, database } = world;
  const id = randomUUID() as LoopId;
  const packet = randomUUID() as ContentId;
  await insertContent(database.db, {
    id: packet,
    author: berlin.lead,
    kind: 'handoff.packet',
    body: {
      severity: 'important',
      summary: 'Tender',
      actions: [],
      situation: '',
      contingencies: [],
    },
    at: clock.now(),
  });
  const command: RotationCommand = {
    type: 'start',
    actor: berlin.lead,
    account,
    holder: berlin.lead,
    packet,
    members: [berlin.lead, tokyo.lead],
    leadMinutes: 60,
    ...given,
  };
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'rotation', id, command });
  const workflowId = rotationWorkflowId(id);
  return {
    id,
    workflowId,
    send: sender<RotationCommand>(world, workflowId, rotationUpdates),
    async handoff() {
      const find = () =>
        database.db
          .selectFrom('loop_opening')
          .innerJoin('handoff', 'handoff.id', 'loop_opening.id')
          .select(['handoff.id', 'handoff.receiver_id'])
          .where('opened_by', '=', id)
          .orderBy('loop_opening.at', 'desc')
          .executeTakeFirst();
      await until('the handoff is opened', async () => (await find()) !== undefined);
      const row = await find();
      if (!row) throw new Error('no handoff was opened');
      return { ...handoffOf(world, row.id as LoopId), receiver: row.receiver_id as PersonId };
    },
  };
}
