/** The ways a rotation can go, each told from its start to its end. */
import { berlin, tokyo } from './handoff-organisation.ts';
import { type Rotation, startsRotation } from './rotation-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Rotation, 'workflowId'>>;

const day = 86_400_000;

const ended: Life = async (world) => {
  const rotation = await startsRotation(world);
  await world.advance(3 * day);
  await rotation.send({ type: 'end', actor: berlin.lead });
  return rotation;
};

const changed: Life = async (world) => {
  const rotation = await startsRotation(world);
  const members = [berlin.lead, tokyo.backup, tokyo.lead];
  await rotation.send({ type: 'change', actor: berlin.lead, members, leadMinutes: 30 });
  await world.advance(2 * day);
  await rotation.send({ type: 'end', actor: berlin.lead });
  return rotation;
};

export const rotationLives = { ended, changed } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedRotation: Life = async (world) => {
  const rotation = await startsRotation(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(rotation.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await rotation.send({ type: 'hold', actor: berlin.lead });
    await rotation.send({ type: 'resume', actor: berlin.lead });
    return (await runOf()) !== first;
  });
  await rotation.send({ type: 'end', actor: berlin.lead });
  return rotation;
};
