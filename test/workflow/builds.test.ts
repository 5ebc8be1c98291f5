/** Loops opened by one build and finished by the next, whose rules differ. One story, told in order. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createRestartLoop } from '../../activities/loop-starter.ts';
import { makeCurrentBuild } from '../../bin/deployment.ts';
import { takeOverLoops } from '../../bin/take-over.ts';
import { verifyAudit } from '../../db/audit.ts';
import type { LoopId } from '../../domain/id.ts';
import { calendarsChangedSignal } from '../../workflows/messages.ts';
import { refusal } from '../support/refusal.ts';
import {
  ask,
  commandsOf,
  errandWorld,
  transitions,
  type Errand,
} from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import type { World } from '../support/world.ts';

const taskQueue = `builds-${randomUUID()}`;
let world: World;
let firstWorker: WorkerChild;
let nextWorker: WorkerChild;
/** All opened under the first build. */
let short: Errand;
let busy: Errand;
let idle: Errand;
let stranded: readonly [Errand, Errand];
/** Convenes quarterly reviews: waits for what its workers never finish. */
const quarters = `quarters-${taskQueue}`;

/** Starts a worker of the build and makes it the one that new loops begin on. */
async function deploy(build: 'first' | 'next'): Promise<WorkerChild> {
  const workflows = build === 'next' ? 'errand-next-workflow' : 'errand-workflow';
  const worker = await startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue,
    codePath: await bundleFile(`test/support/toy/${workflows}.ts`),
    buildId: build,
    isNextBuild: build === 'next',
  });
  await makeCurrentBuild(world.client, { deploymentName: taskQueue, buildId: build });
  return worker;
}

const opened = (workflow: string): Promise<Errand> =>
  ask({ ...world, taskQueue }, 480, { workflow });

beforeAll(async () => {
  world = await errandWorld({ hasWorker: false, startsAt: Date.now() });
  await sql`UPDATE purse SET balance = 1000000`.execute(world.database.db);
  firstWorker = await deploy('first');
  [short, busy, idle, ...stranded] = await Promise.all([
    opened('errand'),
    opened('longErrand'),
    opened('longErrand'),
    opened('errand'),
    opened('errand'),
  ]);
  await world.client.workflow.start('quarters', { workflowId: quarters, taskQueue });
  await until(
    'its run has begun',
    async () => (await buildOf({ workflowId: quarters })) === 'first',
  );
  nextWorker = await deploy('next');
});
afterAll(async () => {
  await Promise.all([firstWorker.kill(), nextWorker.kill()]);
  await world.stop();
});

async function buildOf({
  workflowId,
}: Pick<Errand, 'workflowId'>): Promise<string | null | undefined> {
  const { raw } = await world.client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
}

const versionsOf = async (id: LoopId): Promise<readonly number[]> =>
  (await transitions(world, id)).map((row) => row.version);

test('a short loop ends on the build it began with, while new ones begin on the next', async () => {
  const young = await opened('errand');
  expect(await refusal(young.finish())).toBe('loop.not_open');
  await short.finish();
  await young.work(1);
  await young.finish();
  expect([await buildOf(short), await buildOf(young)]).toEqual(['first', 'next']);
  expect(await versionsOf(short.id)).toEqual([1, 1]);
  expect(await versionsOf(young.id)).toEqual([2, 2, 2]);
});

test('a long loop moves to the next build at one of its steps, and no command is lost to the move', async () => {
  let asked = 0;
  const answered: number[] = [];
  // The server tells a loop's tasks of a new build some seconds after it has become the current one.
  await until('the loop has moved', async () => {
    const receipts = await Promise.all([1, 1, 1].map((amount) => busy.work(amount)));
    asked += receipts.length;
    answered.push(...receipts.map(({ sequence }) => sequence));
    return (await buildOf(busy)) === 'next';
  });
  await busy.finish();
  expect(answered.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: asked }, (_, index) => index + 2),
  );
  const versions = await versionsOf(busy.id);
  expect(versions).toHaveLength(asked + 2);
  expect([versions[0], versions.at(-1)]).toEqual([1, 2]);
});

test('a long loop that nothing happens to is moved by a wake-up that writes nothing', async () => {
  const handle = world.client.workflow.getHandle(idle.workflowId);
  await until('the loop has moved', async () => {
    await handle.signal(calendarsChangedSignal);
    return (await buildOf(idle)) === 'next';
  });
  expect(await refusal(idle.finish())).toBe('loop.not_open');
  expect(await commandsOf(world, idle.id)).toEqual(['ask']);
});

test('loops whose build is gone go on under the next, restarted from the record', async () => {
  const [worked, untouched] = stranded;
  const receipt = await worked.work(1, 'work-once');
  const running = await opened('errand');
  await firstWorker.kill();
  const parts = {
    db: world.database.db,
    client: world.client,
    address: {
      taskQueue,
      workflows: { errand: { type: 'errand', workflowId: (id: LoopId) => `errand:${id}` } },
    },
  };
  expect(await createRestartLoop(parts)(worked.id)).toBe('restarted');
  expect(await worked.work(1, 'work-once')).toEqual(receipt);
  expect(await takeOverLoops(parts, taskQueue)).toEqual([untouched.id]);
  expect(await refusal(untouched.finish())).toBe('loop.not_open');
  expect(await refusal(running.finish())).toBe('loop.not_open');
  await worked.finish();
  expect(await buildOf(worked)).toBe('next');
  expect(await commandsOf(world, worked.id)).toEqual(['ask', 'work', 'finish']);
  expect(await versionsOf(worked.id)).toEqual([1, 1, 2]);
});

test('the run that convenes quarterly reviews goes on under the next build, which nothing restarts', async () => {
  const run = world.client.workflow.getHandle(quarters);
  await until('it has moved', async () => {
    await run.signal(calendarsChangedSignal);
    return (await buildOf({ workflowId: quarters })) === 'next';
  });
  expect((await run.describe()).status.name).toBe('RUNNING');
  await run.terminate();
});

test('the chain over both builds is whole', async () => {
  expect((await verifyAudit(world.database.db)).firstBreak).toBeNull();
});
