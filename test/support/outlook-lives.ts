/** The ways a finding can go, each told from its opening to its end. */
import { operator, berlin } from './handoff-organisation.ts';
import { findsLeave, type FindingStory } from './outlook-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<FindingStory, 'workflowId'>>;

const day = 86_400_000;

const settled: Life = async (world) => {
  const finding = await findsLeave(world);
  await finding.send({ type: 'settle' }, 'settle');
  return finding;
};

/** Accepted for three days, asked about again, and gone then. */
const accepted: Life = async (world) => {
  const finding = await findsLeave(world);
  await finding.accepts(berlin.manager, 3);
  await world.advance(4 * day);
  await finding.send({ type: 'settle' }, 'settle');
  return finding;
};

const silent: Life = async (world) => {
  const finding = await findsLeave(world);
  await world.advance(9 * day);
  await finding.send({ type: 'settle' }, 'settle');
  return finding;
};

const observed: Life = async (world) => {
  const finding = await findsLeave(world);
  const from = world.clock.now() + 10 * day;
  const changed = { severity: 'medium', from, until: from + 9 * day } as const;
  await finding.send({ type: 'observe', ...changed, asked: berlin.lead });
  await finding.send({ type: 'settle' }, 'settle');
  return finding;
};

export const outlookLives = { settled, accepted, silent, observed } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedFinding: Life = async (world) => {
  const finding = await findsLeave(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(finding.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await finding.send({ type: 'hold', actor: operator });
    await finding.send({ type: 'resume', actor: operator });
    return (await runOf()) !== first;
  });
  await finding.send({ type: 'settle' }, 'settle');
  return finding;
};
