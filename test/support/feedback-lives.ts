/** The ways a round of feedback can go, each told from its start to its end. */
import {
  answers,
  manager,
  peers,
  report,
  type Round,
  startsRound,
  subject,
} from './feedback-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Round, 'workflowId'>>;

const day = 86_400_000;

const closed: Life = async (world) => {
  const round = await startsRound(world);
  await round.nominates();
  await round.releases();
  await world.advance(day);
  for (const by of [subject, manager, ...peers.slice(0, 3)]) await round.answers(by, answers(2));
  await round.send({ type: 'decline', actor: report });
  await world.advance(21 * day);
  return round;
};

const lapsed: Life = async (world) => {
  const round = await startsRound(world);
  await world.advance(22 * day);
  return round;
};

const cancelled: Life = async (world) => {
  const round = await startsRound(world);
  await round.nominates();
  await round.send({ type: 'cancel', actor: manager });
  return round;
};

export const feedbackLives = { closed, lapsed, cancelled } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedRound: Life = async (world) => {
  const round = await startsRound(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(round.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await round.send({ type: 'hold', actor: manager });
    await round.send({ type: 'resume', actor: manager });
    return (await runOf()) !== first;
  });
  await round.send({ type: 'cancel', actor: manager });
  return round;
};
