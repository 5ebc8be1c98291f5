/** The ways a budget request can go, each told from its submission to its end. */
import { givenPolicy, who } from './budget-organisation.ts';
import { type Budget, dayOf, submits } from './budget-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Budget, 'workflowId'>>;

const day = 86_400_000;

const clean: Life = async (world) => {
  const request = await submits(world);
  await request.approves(who.lead);
  await request.closes('479000');
  return request;
};

const questioned: Life = async (world) => {
  const request = await submits(world);
  await request.says('ask', who.lead);
  await world.advance(day);
  await request.says('answer', who.requester);
  await request.approves(who.lead, ['400000']);
  await request.proves('400000');
  await request.closes();
  return request;
};

const rejected: Life = async (world) => {
  const request = await submits(world, { involvesProfessionals: true });
  await request.approves(who.lead);
  await request.says('reject', who.officer);
  return request;
};

const lapsed: Life = async (world) => {
  const request = await submits(world);
  await world.advance(21 * day);
  return request;
};

const excepted: Life = async (world) => {
  await givenPolicy(world.database.db, 'budget.exception', { approver: who.treasurer });
  const instalments = [{ due: dayOf(world.clock.now()), minor: '2000000' }];
  const request = await submits(world, { isException: true, instalments });
  await request.grants(who.treasurer, '1000000');
  await request.approves(who.lead);
  await request.closes('2000000');
  return request;
};

const raised: Life = async (world) => {
  const request = await submits(world);
  await request.approves(who.lead);
  await request.raises('600000');
  await request.approves(who.lead);
  await world.advance(70 * day);
  await request.closes('600000');
  return request;
};

const withdrawn: Life = async (world) => {
  const request = await submits(world);
  await request.send({ type: 'withdraw', actor: who.requester });
  return request;
};

/** Whoever was asked has left; whoever stands above them decides. */
const rerouted: Life = async (world) => {
  const request = await submits(world);
  const { db } = world.database;
  await db
    .updateTable('person')
    .set({ left_at: world.clock.now() })
    .where('id', '=', who.lead)
    .execute();
  await world.advance(2 * day);
  await request.approves(who.chief);
  await request.closes('480000');
  return request;
};

export const budgetLives = {
  clean,
  questioned,
  rejected,
  lapsed,
  excepted,
  raised,
  withdrawn,
  rerouted,
} as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedBudget: Life = async (world) => {
  const request = await submits(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(request.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await request.send({ type: 'hold', actor: who.lead });
    await request.send({ type: 'resume', actor: who.lead });
    return (await runOf()) !== first;
  });
  await request.send({ type: 'withdraw', actor: who.requester });
  return request;
};
