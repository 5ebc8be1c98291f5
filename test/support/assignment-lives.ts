/** The ways an assignment can go, each told from its proposal to its end. */
import { type Assignment, proposes, termsFor } from './assignment-story.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Assignment, 'workflowId'>>;

const day = 86_400_000;
/** A fortnight, without an account that would be covered. */
const short = { days: 14, accounts: [] } as const;

const closed: Life = async (world) => {
  const assignment = await proposes(world, { terms: short });
  await assignment.isSignedByAll();
  await world.advance(44 * day);
  await assignment.isClosed('failure');
  return assignment;
};

const declined: Life = async (world) => {
  const assignment = await proposes(world, { terms: short });
  await assignment.send({ type: 'sign', actor: berlin.lead });
  await assignment.send({ type: 'decline', actor: tokyo.manager, content: null });
  return assignment;
};

const lapsed: Life = async (world) => {
  const assignment = await proposes(world, { terms: short });
  await world.advance(20 * day);
  return assignment;
};

const changed: Life = async (world) => {
  const assignment = await proposes(world, { terms: short });
  await assignment.isSignedByAll();
  const terms = termsFor(world, { ...short, days: 21 });
  await assignment.send({ type: 'change', actor: tokyo.manager, terms });
  await assignment.isSignedByAll();
  await assignment.send({ type: 'cancel', actor: berlin.manager });
  return assignment;
};

const endedEarly: Life = async (world) => {
  const assignment = await proposes(world, { kind: 'mentorship', terms: { ...short, days: 60 } });
  await assignment.isSignedByAll();
  await world.advance(30 * day);
  await assignment.send({ type: 'returnEarly', actor: berlin.lead });
  await assignment.isClosed();
  return assignment;
};

export const assignmentLives = { closed, declined, lapsed, changed, endedEarly } as const;

/** Changed again and again until its run is continued as a new one. */
export const continuedAssignment: Life = async (world) => {
  const assignment = await proposes(world, { terms: short });
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(assignment.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await assignment.send({ type: 'change', actor: berlin.lead, terms: termsFor(world, short) });
    return (await runOf()) !== first;
  });
  await assignment.send({ type: 'cancel', actor: berlin.lead });
  return assignment;
};
