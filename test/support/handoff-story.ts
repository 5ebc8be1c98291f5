/** Handoffs as a story, straight to the workflow: what the API would send, without HTTP. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { insertContent } from '../../db/contents.ts';
import type { HandoffCommand, Severity } from '../../domain/handoff/state.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { handoffWorkflow, handoffWorkflowId } from '../../workflows/handoff/id.ts';
import { handoffUpdates } from '../../workflows/handoff/messages.ts';
import { openLoopUpdate } from '../../workflows/messages.ts';
import { account, berlin, givenHandoffPeople, tokyo } from './handoff-organisation.ts';
import { type Send, sender } from './loop-sender.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export { berlin, tokyo };

export async function handoffWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  await givenHandoffPeople(world.database.db, world.clock.now());
  return world;
}

/** What a story needs of its world: also one with servers of its own. */
export type HandoffStage = Pick<World, 'client' | 'clock' | 'taskQueue'> & Recorded;
type Recorded = { readonly database: Pick<World['database'], 'db'> };

export interface Handoff {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<HandoffCommand>;
  readsBack(by: PersonId): Promise<Receipt>;
  confirms(by: PersonId): Promise<Receipt>;
  asks(by: PersonId): Promise<Receipt>;
  answers(by: PersonId): Promise<Receipt>;
  declines(by: PersonId): Promise<Receipt>;
}

export async function write(
  world: Omit<HandoffStage, 'taskQueue'>,
  author: PersonId,
  kind: string,
): Promise<ContentId> {
  const id = randomUUID() as ContentId;
  await insertContent(world.database.db, {
    id,
    author,
    kind,
    body: { text: kind },
    at: world.clock.now(),
  });
  return id;
}

interface Offer {
  readonly id?: LoopId;
  readonly giver?: PersonId;
  readonly to?: PersonId;
  readonly account?: AccountId;
  readonly severity?: Severity;
  readonly allowanceMinutes?: number;
}

export async function offers(world: HandoffStage, offer: Offer = {}): Promise<Handoff> {
  const { client, clock, taskQueue } = world;
  const id = offer.id ?? (randomUUID() as LoopId);
  const giver = offer.giver ?? berlin.lead;
  const command: HandoffCommand = {
    type: 'offer',
    actor: giver,
    account: offer.account ?? account,
    giver,
    receiver: offer.to ?? tokyo.lead,
    severity: offer.severity ?? 'important',
    packet: await write(world, giver, 'handoff.packet'),
    allowanceMinutes: offer.allowanceMinutes ?? 480,
  };
  await client.workflow.executeUpdateWithStart(openLoopUpdate, {
    updateId: 'open',
    startWorkflowOperation: new WithStartWorkflowOperation(handoffWorkflow, {
      workflowId: handoffWorkflowId(id),
      taskQueue,
      args: [{ id, open: { commandId: 'open', command, at: clock.now() } }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: '5s',
    }),
  });
  return handoffOf(world, id);
}

export function handoffOf(world: Omit<HandoffStage, 'taskQueue'>, id: LoopId): Handoff {
  const workflowId = handoffWorkflowId(id);
  const send = sender<HandoffCommand>(world, workflowId, handoffUpdates);
  const withText = async (type: 'ask' | 'answer' | 'readBack' | 'decline', actor: PersonId) =>
    send({ type, actor, content: await write(world, actor, `handoff.${type}`) });
  return {
    id,
    workflowId: handoffWorkflowId(id),
    send,
    readsBack: (by) => withText('readBack', by),
    confirms: (by) => send({ type: 'confirm', actor: by }),
    asks: (by) => withText('ask', by),
    answers: (by) => withText('answer', by),
    declines: (by) => withText('decline', by),
  };
}

export async function custodian({ database }: Recorded): Promise<PersonId> {
  const row = await database.db
    .selectFrom('custody')
    .select('owner_id')
    .where('account_id', '=', account)
    .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
    .executeTakeFirstOrThrow();
  return row.owner_id as PersonId;
}

export async function inbox({ database }: Recorded, of: PersonId): Promise<readonly string[]> {
  const rows = await database.db
    .selectFrom('task')
    .select('kind')
    .where('person_id', '=', of)
    .where('closed_sequence', 'is', null)
    .execute();
  return rows.map((row) => row.kind);
}
