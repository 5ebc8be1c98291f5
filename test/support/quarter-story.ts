/** Quarterly reviews as a story, straight to the workflow: what the schedule and the API would send. */
import { createOpenQuarters } from '../../activities/quarterly-review/open-reviews.ts';
import { reviewId } from '../../db/quarterly-reviews.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';
import { quarterAfter, quarterAt } from '../../domain/scorecard/quarter.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { quarterlyReviewWorkflowId } from '../../workflows/quarterly-review/id.ts';
import { quarterlyReviewUpdates } from '../../workflows/quarterly-review/messages.ts';
import { assignmentWorld, host } from './assignment-story.ts';
import { tokyo } from './handoff-organisation.ts';
import { write } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import { until } from './until.ts';
import type { World, WorldOptions } from './world.ts';

const dayMs = 86_400_000;
export const chair = tokyo.manager;
export const other = tokyo.backup;

/** Begins two days after the last quarter ended; Tokyo's backup looks after the learning there. */
export async function quarterWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await assignmentWorld(options);
  const { clock, database } = world;
  await database.db
    .insertInto('person_role')
    .values({ person_id: other, role: 'learning-lead', region_id: host })
    .execute();
  const next = new Date(clock.now());
  const month = Math.floor(next.getUTCMonth() / 3) * 3 + 3;
  await world.advanceTo(Date.UTC(next.getUTCFullYear(), month, 3, 9));
  return world;
}

export const lastQuarter = ({ clock }: World): string =>
  quarterAfter(quarterAt(clock.now(), 'Asia/Tokyo'), -1);

export interface StoryReview {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<ReviewCommand>;
  agrees(owner: PersonId, days: number): Promise<Receipt>;
}

export const opensQuarters = ({ database, client, clock, taskQueue }: World) =>
  createOpenQuarters({
    db: database.db,
    client,
    clock,
    address: { taskQueue, workflows: loopWorkflows },
  })();

/** Of Japan, as the schedule convenes it. */
export async function convenes(world: World, region: RegionId = host): Promise<StoryReview> {
  await opensQuarters(world);
  const id = reviewId({ region, team: null, quarter: lastQuarter(world) });
  const workflowId = quarterlyReviewWorkflowId(id);
  const send = sender<ReviewCommand>(world, workflowId, quarterlyReviewUpdates);
  return {
    id,
    workflowId,
    send,
    async agrees(owner, days) {
      const day = new Date(world.clock.now() + days * dayMs).toISOString().slice(0, 10);
      const dueAt = Date.parse(day) + dayMs - 9 * 3_600_000;
      const content = await write(world, chair, 'quarter.action');
      return send({ type: 'addAction', actor: chair, owner, day, dueAt, content });
    },
  };
}

type Life = (world: World) => Promise<Pick<StoryReview, 'workflowId'>>;

const followed: Life = async (world) => {
  const review = await convenes(world);
  for (const actor of [chair, other]) await review.send({ type: 'confirm', actor });
  await world.advance(24 * dayMs);
  await review.agrees(other, 20);
  await review.send({ type: 'conclude', actor: chair });
  await world.advance(22 * dayMs);
  await review.send({ type: 'finishAction', actor: other, number: 1, content: null });
  return review;
};

/** Nobody answers, whatever time is proposed. */
const lapsed: Life = async (world) => {
  const review = await convenes(world);
  await world.advance(110 * dayMs);
  return review;
};

const cancelled: Life = async (world) => {
  const review = await convenes(world);
  await review.send({ type: 'cancel', actor: chair });
  return review;
};

export const quarterLives = { followed, lapsed, cancelled } as const;

/** Moved and what was agreed added until its run is continued as a new one. */
export const continuedQuarter: Life = async (world) => {
  const review = await convenes(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(review.workflowId).describe()).runId;
  const first = await runOf();
  for (const actor of [chair, other]) await review.send({ type: 'confirm', actor });
  await world.advance(24 * dayMs);
  await until('a new run goes on with it', async () => {
    await review.agrees(other, 20);
    return (await runOf()) !== first;
  });
  return review;
};
