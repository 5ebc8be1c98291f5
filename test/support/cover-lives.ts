/** The ways a cover can go, each told from its request to its end. */
import { calendarsChangedSignal } from '../../workflows/messages.ts';
import { asksForCover, type Cover } from './cover-story.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Cover, 'workflowId'>>;

const day = 86_400_000;

const returned: Life = async (world) => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  await world.advance(5 * day);
  await cover.handsBack(tokyo.lead);
  await world.advance(3 * day);
  return cover;
};

const byDefault: Life = async (world) => {
  const cover = await asksForCover(world);
  await cover.refuses(tokyo.lead);
  await world.advance(8 * day);
  return cover;
};

const withdrawn: Life = async (world) => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.backup);
  await cover.refuses(tokyo.backup);
  await cover.send({ type: 'withdraw', actor: berlin.lead });
  return cover;
};

const endedEarly: Life = async (world) => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  await world.advance(5 * day);
  await cover.send({ type: 'endEarly', actor: tokyo.lead });
  return cover;
};

/** Its account closes while it runs. */
const withItsAccount: Life = async (world) => {
  const { clock, client, database } = world;
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  await world.advance(5 * day);
  const closed = { closed_at: clock.now() };
  await database.db.updateTable('account').set(closed).where('id', '=', account).execute();
  const workflow = client.workflow.getHandle(cover.workflowId);
  await workflow.signal(calendarsChangedSignal);
  await workflow.result();
  return cover;
};

export const coverLives = { returned, byDefault, withdrawn, endedEarly, withItsAccount } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedCover: Life = async (world) => {
  const cover = await asksForCover(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(cover.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await cover.send({ type: 'hold', actor: berlin.lead });
    await cover.send({ type: 'resume', actor: berlin.lead });
    return (await runOf()) !== first;
  });
  await cover.send({ type: 'withdraw', actor: berlin.lead });
  return cover;
};
