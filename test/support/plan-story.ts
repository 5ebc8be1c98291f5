/** Development plans as a story, straight to the workflow: what the API would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type { Database } from '../../db/client.ts';
import type { Goal, PlanCommand, PlanTerms } from '../../domain/development-plan/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { developmentPlanWorkflowId } from '../../workflows/development-plan/id.ts';
import { developmentPlanUpdates } from '../../workflows/development-plan/messages.ts';
import { assignmentWorld, proposes } from './assignment-story.ts';
import { type Budget, submits } from './budget-story.ts';
import { givenLine, purpose } from './budget-organisation.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import { write } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import { until } from './until.ts';
import type { World, WorldOptions } from './world.ts';

const dayMs = 86_400_000;
export const subject = berlin.lead;
export const manager = berlin.manager;
export const coach = tokyo.backup;
export const competency = 'cross-border-teamwork';

/** Berlin's lead has a gap that Tokyo can close, and their region money to learn with. */
export async function planWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await assignmentWorld(options);
  const { db } = world.database;
  const at = world.clock.now();
  await givenGap(db, { person: subject, at });
  const year = new Date(at).getUTCFullYear();
  for (const each of [year, year + 1]) await givenLine(db, { year: each, at, author: manager });
  return world;
}

export const gap = '0190a0a0-5b6c-7def-8012-3456789abcde';

async function givenGap(db: Database, { person, at }: { person: PersonId; at: number }) {
  await db
    .insertInto('competency_gap')
    .values({
      id: gap,
      person_id: person,
      competency,
      level: null,
      target: 'advanced',
      found_at: at,
    })
    .execute();
}

export const goal: Goal = { competency, from: null, to: 'advanced', gap };

export interface StoryPlan {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<PlanCommand>;
  agrees(): Promise<Receipt>;
  says(type: 'review' | 'coach', by: PersonId): Promise<Receipt>;
  /** A request of the person that names it, and an assignment that is then linked. */
  isServed(): Promise<{
    readonly budget: Budget;
    readonly assignment: Awaited<ReturnType<typeof proposes>>;
  }>;
}

export const termsFor = (world: World, given: Partial<PlanTerms> = {}): PlanTerms => {
  const endsAt = Date.parse(new Date(world.clock.now() + 180 * dayMs).toISOString().slice(0, 10));
  return {
    goals: [goal],
    lastDay: new Date(endsAt - dayMs).toISOString().slice(0, 10),
    endsAt,
    reviewDays: 20,
    coach: null,
    ...given,
  };
};

/** Proposed by the manager, for half a year. */
export async function startsPlan(world: World, given: Partial<PlanTerms> = {}): Promise<StoryPlan> {
  const { client, clock, taskQueue } = world;
  const id = randomUUID() as LoopId;
  const terms = termsFor(world, given);
  const command: PlanCommand = {
    type: 'start',
    actor: manager,
    subject,
    manager,
    version: 1,
    terms,
  };
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'developmentPlan', id, command });
  return planOf(world, id);
}

export function planOf(world: World, id: LoopId): StoryPlan {
  const workflowId = developmentPlanWorkflowId(id);
  const send = sender<PlanCommand>(world, workflowId, developmentPlanUpdates);
  return {
    id,
    workflowId,
    send,
    agrees: () => send({ type: 'agree', actor: subject }),
    says: async (type, actor) =>
      send({ type, actor, content: await write(world, actor, `plan.${type}`) }),
    async isServed() {
      const budget = await submits(world, { requester: subject, purpose, plan: id });
      const assignment = await proposes(world, { terms: { days: 30, accounts: [] } });
      await send({ type: 'link', actor: subject, need: 'onTheJob', loop: assignment.id });
      await world.advance(1_000);
      return { budget, assignment };
    },
  };
}

type Life = (world: World) => Promise<Pick<StoryPlan, 'workflowId'>>;

const closed: Life = async (world) => {
  const plan = await startsPlan(world, { coach, reviewDays: 10 });
  await plan.agrees();
  const { budget, assignment } = await plan.isServed();
  await budget.approves(manager);
  await assignment.isSignedByAll();
  await world.advance(20 * dayMs);
  await plan.says('review', subject);
  await plan.says('coach', coach);
  await world.advance(50 * dayMs);
  await assignment.isClosed();
  await world.advance(1_000);
  const content = await write(world, manager, 'plan.evidence');
  const ratings = [{ competency, level: 'advanced' }] as const;
  await plan.send({ type: 'close', actor: manager, ratings, evidence: 'result', content });
  return plan;
};

const refused: Life = async (world) => {
  const plan = await startsPlan(world);
  await plan.send({ type: 'refuse', actor: subject, content: null });
  return plan;
};

const lapsed: Life = async (world) => {
  const plan = await startsPlan(world);
  await world.advance(15 * dayMs);
  return plan;
};

/** Nobody does anything: reminded, stalled, over, and ended by its manager at last. */
const neglected: Life = async (world) => {
  const plan = await startsPlan(world, { reviewDays: 40 });
  await plan.agrees();
  await world.advance(210 * dayMs);
  await plan.send({ type: 'cancel', actor: manager, content: null });
  return plan;
};

export const planLives = { closed, refused, lapsed, neglected } as const;

/** Changed again and again until its run is continued as a new one. */
export const continuedPlan: Life = async (world) => {
  const plan = await startsPlan(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(plan.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await plan.send({ type: 'change', actor: manager, terms: termsFor(world) });
    return (await runOf()) !== first;
  });
  await plan.send({ type: 'cancel', actor: subject, content: null });
  return plan;
};
