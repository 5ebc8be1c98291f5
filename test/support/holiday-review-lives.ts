/** The ways a holiday review can go, each told from its question to its end. */
import {
  asksAbout,
  dayAfter,
  director,
  manager,
  operator,
  type Review,
} from './holiday-review-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<Review, 'workflowId'>>;

const day = 86_400_000;

const confirmed: Life = async (world) => {
  const review = await asksAbout(world);
  await review.send({ type: 'confirm', actor: manager });
  return review;
};

const corrected: Life = async (world) => {
  const review = await asksAbout(world);
  await review.send({ type: 'correct', actor: manager, movedTo: dayAfter(world, 22) });
  return review;
};

const silent: Life = async (world) => {
  const review = await asksAbout(world);
  await world.advance(22 * day);
  return review;
};

const answeredAbove: Life = async (world) => {
  const review = await asksAbout(world);
  await world.advance(12 * day);
  await review.send({ type: 'correct', actor: director, movedTo: null });
  return review;
};

const settled: Life = async (world) => {
  const review = await asksAbout(world);
  await review.send({ type: 'settle' }, 'settle');
  return review;
};

export const holidayReviewLives = {
  confirmed,
  corrected,
  silent,
  answeredAbove,
  settled,
} as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedReview: Life = async (world) => {
  const review = await asksAbout(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(review.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await review.send({ type: 'hold', actor: operator });
    await review.send({ type: 'resume', actor: operator });
    return (await runOf()) !== first;
  });
  await review.send({ type: 'confirm', actor: manager });
  return review;
};
