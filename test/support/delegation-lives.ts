/** The ways a delegation can go, each told from its beginning to its end. */
import { delegates, type DelegationStory } from './delegation-story.ts';
import { berlin, operator, tokyo } from './handoff-organisation.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<DelegationStory, 'workflowId'>>;

const day = 86_400_000;

const over: Life = async (world) => {
  const delegation = await delegates(world);
  await world.advance(5 * day);
  return delegation;
};

const withdrawn: Life = async (world) => {
  const delegation = await delegates(world);
  await delegation.ends(berlin.manager);
  return delegation;
};

const endedEarly: Life = async (world) => {
  const delegation = await delegates(world);
  await world.advance(2 * day);
  await delegation.ends(tokyo.manager);
  return delegation;
};

export const delegationLives = { over, withdrawn, endedEarly } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedDelegation: Life = async (world) => {
  const delegation = await delegates(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(delegation.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await delegation.send({ type: 'hold', actor: operator });
    await delegation.send({ type: 'resume', actor: operator });
    return (await runOf()) !== first;
  });
  await delegation.ends(berlin.manager);
  return delegation;
};
