/** Alerts as a story, straight to the workflow: what the API would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type { AlertCommand } from '../../domain/alert/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { alertWorkflowId } from '../../workflows/alert/id.ts';
import { alertUpdates } from '../../workflows/alert/messages.ts';
import { account, berlin } from './handoff-organisation.ts';
import { write } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import { person } from './people.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;

type Raise = Extract<AlertCommand, { readonly type: 'raise' }>;

export interface Alert {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly item: string;
  readonly send: Send<AlertCommand>;
  acknowledges(by: PersonId): Promise<Receipt>;
}

/** Sees it first: in none of the lines of the account. */
export const raiser = person('operator');

/** Of the account that Berlin's lead owns, to be done within a day, a quarter of an hour for each. */
export async function raisesAlert(world: World, given: Partial<Raise> = {}): Promise<Alert> {
  const { client, clock, taskQueue } = world;
  const id = randomUUID() as LoopId;
  const command: Raise = {
    type: 'raise',
    actor: raiser,
    account,
    owner: berlin.lead,
    text: await write(world, raiser, 'account.action'),
    item: randomUUID(),
    dueAt: clock.now() + dayMs,
    answerMinutes: 15,
    ...given,
  };
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'alert', id, command });
  const workflowId = alertWorkflowId(id);
  const send = sender<AlertCommand>(world, workflowId, alertUpdates);
  return {
    id,
    workflowId,
    item: command.item,
    send,
    acknowledges: (actor) => send({ type: 'acknowledge', actor }),
  };
}

/** Who is called while at work, by office. */
export async function givenDuty(world: World, people: readonly PersonId[]): Promise<void> {
  await world.database.db
    .insertInto('person_role')
    .values(people.map((id) => ({ person_id: id, role: 'duty' })))
    .execute();
}
