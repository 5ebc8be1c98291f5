/** Quarterly reviews as a story, straight to the workflow: what the schedule and the API would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { createOpenQuarters } from '../../activities/quarterly-review/open-reviews.ts';
import type { Database } from '../../db/client.ts';
import { convene, reviewId } from '../../db/quarterly-reviews.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId, TeamId } from '../../domain/id.ts';
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
  readonly workflowId: string;
  /** Of the partner’s team, beside the chair. */
  readonly member: PersonId;
  readonly send: Send<ReviewCommand>;
  agrees(owner: PersonId, days: number): Promise<Receipt>;
}

const parts = ({ client, clock, taskQueue }: World) => ({
  client,
  clock,
  address: { taskQueue, workflows: loopWorkflows },
});

/** As the schedule does. */
export const opensQuarters = (world: World) =>
  createOpenQuarters({ db: world.database.db, ...parts(world) })();

/** Of a partner’s team of its own, so that no two stories are of the same one. */
export async function convenes(world: World): Promise<StoryReview> {
  const { clock, database } = world;
  const team = `team-${randomUUID()}` as TeamId;
  const member = `lead-of-${team}` as PersonId;
  await givenPartner(database.db, team, member);
  const of = { region: host, team, quarter: lastQuarter(world) };
  const convened = present(await convene(database.db, of, clock.now()), 'what is convened');
  const id = reviewId(of);
  const command: ReviewCommand = { type: 'open', ...convened };
  await createOpenLoop(parts(world))({ loop: 'quarterlyReview', id, command });
  const workflowId = quarterlyReviewWorkflowId(id);
  const send = sender<ReviewCommand>(world, workflowId, quarterlyReviewUpdates);
  return {
    workflowId,
    member,
    send,
    async agrees(owner, days) {
      const day = new Date(clock.now() + days * dayMs).toISOString().slice(0, 10);
      const dueAt = Date.parse(day) + dayMs - 9 * 3_600_000;
      const content = await write(world, chair, 'quarter.action');
      return send({ type: 'addAction', actor: chair, owner, day, dueAt, content });
    },
  };
}

export async function givenPartner(db: Database, team: TeamId, member: PersonId): Promise<void> {
  const placed = { region_id: host, team_id: team, zone: 'Asia/Tokyo' };
  await db
    .insertInto('team')
    .values({ id: team, name: 'Partners', kind: 'partner', region_id: host })
    .execute();
  await db
    .insertInto('person')
    .values({
      id: member,
      name: `Name of ${member}`,
      email: 'partner@example.test',
      manager_id: chair,
      ...placed,
    })
    .execute();
  await db.insertInto('calendar_revision').values({ person_id: member }).execute();
}

type Life = (world: World) => Promise<Pick<StoryReview, 'workflowId'>>;

const followed: Life = async (world) => {
  const review = await convenes(world);
  const { member, send } = review;
  for (const actor of [chair, member]) await send({ type: 'confirm', actor });
  await world.advance(24 * dayMs);
  await review.agrees(member, 20);
  await send({ type: 'conclude', actor: chair });
  await world.advance(22 * dayMs);
  await send({ type: 'finishAction', actor: member, number: 1, content: null });
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

/** What was agreed added until its run is continued as a new one. */
export const continuedQuarter: Life = async (world) => {
  const review = await convenes(world);
  const { member, send } = review;
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(review.workflowId).describe()).runId;
  const first = await runOf();
  for (const actor of [chair, member]) await send({ type: 'confirm', actor });
  await world.advance(24 * dayMs);
  let agreed = 0;
  await until('a new run goes on with it', async () => {
    await review.agrees(member, 20);
    agreed++;
    return (await runOf()) !== first;
  });
  await send({ type: 'conclude', actor: chair });
  for (let number = 1; number <= agreed; number++) {
    await send({ type: 'finishAction', actor: member, number, content: null });
  }
  return review;
};
