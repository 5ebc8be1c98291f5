/** The ways a handoff can go, each told from the offer to its end. */
import { calendarsChangedSignal } from '../../workflows/messages.ts';
import { berlin, offers, tokyo, type Handoff } from './handoff-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** Tells it; where the loop runs. */
export type Life = (world: World) => Promise<Pick<Handoff, 'workflowId'>>;

const hour = 3_600_000;
const day = 24 * hour;

async function ended(handoff: Handoff): Promise<Handoff> {
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.lead);
  return handoff;
}

const clean: Life = async (world) => ended(await offers(world));

const questioned: Life = async (world) => {
  const handoff = await offers(world);
  await handoff.asks(tokyo.lead);
  await handoff.answers(berlin.lead);
  return ended(handoff);
};

const declined: Life = async (world) => {
  const handoff = await offers(world);
  await handoff.declines(tokyo.lead);
  await world.advance(1_000);
  await handoff.readsBack(tokyo.backup);
  await handoff.confirms(berlin.lead);
  return handoff;
};

const escalated: Life = async (world) => {
  const handoff = await offers(world, { allowanceMinutes: 240 });
  await world.advance(20 * hour);
  await handoff.readsBack(tokyo.backup);
  await world.advance(day);
  await handoff.confirms(berlin.manager);
  return handoff;
};

const bounced: Life = async (world) => {
  const handoff = await offers(world, { allowanceMinutes: 240 });
  await world.advance(14 * day);
  return handoff;
};

const held: Life = async (world) => {
  const handoff = await offers(world);
  await handoff.send({ type: 'hold', actor: berlin.lead });
  await world.advance(7 * day);
  await handoff.send({ type: 'resume', actor: berlin.lead });
  return ended(handoff);
};

const reassigned: Life = async (world) => {
  const handoff = await offers(world);
  await handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.backup });
  await handoff.readsBack(tokyo.backup);
  await handoff.confirms(berlin.lead);
  return handoff;
};

/** Planned again while nothing changed, then with the receiver away. */
const replanned: Life = async (world) => {
  const { db } = world.database;
  const handoff = await offers(world);
  const run = world.client.workflow.getHandle(handoff.workflowId);
  await run.signal(calendarsChangedSignal);
  const tomorrow = new Date(world.clock.now() + day).toISOString().slice(0, 10);
  await db
    .insertInto('absence')
    .values({ id: 'leave', person_id: tokyo.lead, first_day: tomorrow, last_day: tomorrow })
    .execute();
  await db
    .updateTable('calendar_revision')
    .set({ revision: 2 })
    .where('person_id', '=', tokyo.lead)
    .execute();
  await run.signal(calendarsChangedSignal);
  await until(
    'it is planned again',
    async () => (await world.status(handoff.workflowId)).sequence === 2,
  );
  return ended(handoff);
};

export const handoffLives = {
  clean,
  questioned,
  declined,
  escalated,
  bounced,
  held,
  reassigned,
  replanned,
} as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedLife: Life = async (world) => {
  const handoff = await offers(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(handoff.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await handoff.send({ type: 'hold', actor: berlin.lead });
    await handoff.send({ type: 'resume', actor: berlin.lead });
    return (await runOf()) !== first;
  });
  return ended(handoff);
};
