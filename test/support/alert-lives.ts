/** The ways an alert can go, each told from when it is raised to its end. */
import { type Alert, raiser, raisesAlert } from './alert-story.ts';
import { berlin } from './handoff-organisation.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Alert, 'workflowId'>>;

const hour = 3_600_000;

const acknowledged: Life = async (world) => {
  const alert = await raisesAlert(world);
  await world.advance(1);
  await alert.acknowledges(berlin.lead);
  return alert;
};

const climbed: Life = async (world) => {
  const alert = await raisesAlert(world);
  await world.advance(hour);
  await alert.acknowledges(berlin.manager);
  return alert;
};

const withdrawn: Life = async (world) => {
  const alert = await raisesAlert(world);
  await world.advance(8 * hour);
  await alert.send({ type: 'withdraw', actor: raiser });
  return alert;
};

export const alertLives = { acknowledged, climbed, withdrawn } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedAlert: Life = async (world) => {
  const alert = await raisesAlert(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(alert.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await alert.send({ type: 'hold', actor: raiser });
    await alert.send({ type: 'resume', actor: raiser });
    return (await runOf()) !== first;
  });
  await alert.send({ type: 'withdraw', actor: raiser });
  return alert;
};
