/** On a server of this file's own, which asks for a new run after a few steps. */
import { isGrpcServiceError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { startTemporal, type EmbeddedTemporal } from '../../bin/embedded/temporal.ts';
import { verifyAudit } from '../../db/audit.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import type { Receipt } from '../../domain/loop.ts';
import { calendarsChangedSignal, type Snapshot } from '../../workflows/messages.ts';
import { freePort } from '../support/free-port.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { nextMonday } from '../support/story-clock.ts';
import { temporalBinary } from '../support/temporal-binary.ts';
import {
  ask,
  commandsOf,
  doer,
  errandWorld,
  transitions,
  type Errand,
} from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

/** NOT_FOUND of gRPC. */
const grpcNotFound = 5;
const suggestedAtEvents = 40;
/** The task that ends a run begins below that, and settles what came meanwhile. */
const eventsMax = 2 * suggestedAtEvents;
const manyWeeksMinutes = 100 * 480;
const senders = 5;
const commandsEach = proofSize(8, 400);

let temporal: EmbeddedTemporal;
let world: World;
/** Between the commit of a step and the answer to its workflow. */
let afterCommit = (): Promise<unknown> => Promise.resolve();
beforeAll(async () => {
  temporal = await startTemporal({
    binary: temporalBinary(),
    port: await freePort(),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': suggestedAtEvents },
  });
  world = await errandWorld({
    temporalAddress: temporal.address,
    startsAt: Date.now(),
    activities: ({ recordTransition, ...others }) => ({
      ...others,
      async recordTransition(proposal: Parameters<typeof recordTransition>[0]) {
        const answer = await recordTransition(proposal);
        await afterCommit();
        return answer;
      },
    }),
  });
  await sql`UPDATE purse SET balance = 1000000`.execute(world.database.db);
});
afterAll(async () => {
  await world.stop();
  temporal.kill();
  await temporal.stop();
});

interface Run {
  readonly events: number;
  /** What it began with; null for the first. */
  readonly snapshot: Snapshot | null;
}

/** Every run of a loop, the first one first. */
async function runsOf({ workflowId }: Errand): Promise<readonly Run[]> {
  const { workflow } = world.client;
  const runs: Run[] = [];
  let runId = (await workflow.getHandle(workflowId).describe()).raw.workflowExecutionInfo
    ?.firstRunId;
  while (runId) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    const [input] = started?.input?.payloads ?? [];
    const { resume = null } = defaultPayloadConverter.fromPayload<{ resume?: Snapshot }>(
      input ?? {},
    );
    runs.push({ events: events?.length ?? 0, snapshot: resume });
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

async function balance(): Promise<number> {
  const { rows } = await sql<{ balance: number }>`SELECT balance FROM purse`.execute(
    world.database.db,
  );
  return rows[0]?.balance ?? 0;
}

/** The doer is away on Monday, which moves what an errand of many weeks plans. */
async function leaveOnMonday(): Promise<void> {
  const { db } = world.database;
  const on = new Date(nextMonday()).toISOString().slice(0, 10);
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('absence')
      .values({ id: 'leave', person_id: 'doer', first_day: on, last_day: on })
      .execute();
    await recordCalendarChange(tx, { reason: 'absence', people: ['doer'], at: world.clock.now() });
  });
}

const numbers = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

test('under steady commands a loop goes from run to run, and none is lost or done twice', async () => {
  const errand = await ask(world);
  const balanceBefore = await balance();
  const receipts: Receipt[] = [];
  await Promise.all(
    numbers(0, senders).map(async () => {
      for (let n = 0; n < commandsEach; n++) receipts.push(await errand.work(1));
    }),
  );
  await errand.finish();
  const count = senders * commandsEach;
  expect(receipts.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(
    numbers(2, count),
  );
  const rows = await transitions(world, errand.id);
  expect(rows.map(({ sequence }) => sequence)).toEqual(numbers(0, count + 2));
  expect(rows.at(-1)?.state).toMatchObject({ state: { worked: count, status: 'done' } });
  expect(balanceBefore - (await balance())).toBe(count);

  const runs = await runsOf(errand);
  expect(runs.length).toBeGreaterThan(2);
  expect(Math.max(...runs.map(({ events }) => events))).toBeLessThanOrEqual(eventsMax);
  for (const { snapshot } of runs.slice(1)) {
    const last = rows[(snapshot?.sequence ?? 0) - 1];
    expect(snapshot).toMatchObject({
      state: last?.state,
      at: last?.at,
      moments: last?.moments,
      version: last?.version,
      refusals: {},
    });
  }
  reportProof(`${count} commands over ${runs.length} runs`, count);
  expect((await verifyAudit(world.database.db)).firstBreak).toBeNull();
});

test('a command recorded in an earlier run answers in a later one as it did, and records nothing', async () => {
  const errand = await ask(world);
  const commandId = randomUUID();
  const receipt = await errand.work(7, commandId);
  while ((await runsOf(errand)).length < 2) await errand.work(1);
  const before = await commandsOf(world, errand.id);
  const balanceBefore = await balance();
  expect(await errand.work(7, commandId)).toEqual(receipt);
  expect(await commandsOf(world, errand.id)).toEqual(before);
  expect(await balance()).toBe(balanceBefore);
  await errand.finish();
});

test('a calendar change that a loop hears of just as its run ends is not forgotten', async () => {
  const errand = await ask(world, manyWeeksMinutes);
  const handle = world.client.workflow.getHandle(errand.workflowId);
  const historyLength = async (): Promise<number> => (await handle.describe()).historyLength;
  // The next task starts with two events more, and is asked for a new run.
  while ((await historyLength()) < suggestedAtEvents - 2) await errand.work(1);
  // No answer comes: the step is tried again in a task that also brings the signal.
  const answered = Promise.withResolvers<void>();
  afterCommit = async () => {
    afterCommit = () => Promise.resolve();
    await leaveOnMonday();
    await handle.signal(calendarsChangedSignal);
    await answered.promise;
  };
  await errand.work(1);
  await until('planned with the change', async () => {
    const last = (await transitions(world, errand.id)).at(-1);
    return JSON.stringify(last?.computed_with).includes('"doer":2');
  });
  answered.resolve();
  await until('in a new run', async () => (await runsOf(errand)).length === 2);
  await errand.finish();
  expect((await commandsOf(world, errand.id)).slice(-3)).toEqual(['work', 'replan', 'finish']);
});

/** Asked for no stage, the server answers at once; of an update that has not come it knows nothing. */
const isWaiting = ({ workflowId }: { readonly workflowId: string }, updateId: string) =>
  world.client.workflowService
    .pollWorkflowExecutionUpdate({
      namespace: world.client.options.namespace,
      updateRef: { workflowExecution: { workflowId }, updateId },
    })
    .then(
      () => true,
      (error: unknown) => {
        if (isGrpcServiceError(error) && error.code === grpcNotFound) return false;
        throw error;
      },
    );

test('what Temporal takes back and does again is told as the record has it, or as to be sent again', async () => {
  const errand = await ask(world);
  const gateway = createLoopGateway({ ...world, db: world.database.db });
  const sends = (type: 'work' | 'finish', commandId: string): Promise<Receipt> =>
    gateway.send({
      workflowId: errand.workflowId,
      loopId: errand.id,
      update: `${type}Errand`,
      envelope: {
        commandId,
        command: { type, actor: doer, ...(type === 'work' && { amount: 1 }) },
        at: world.clock.now(),
      },
    });
  const busy = Promise.withResolvers<void>();
  afterCommit = () => busy.promise;
  const before = sends('work', 'before');
  await until('the loop is busy', async () => (await transitions(world, errand.id)).length === 2);
  // Both wait for the next task, which ends the loop and cannot, since a signal has come.
  const both = ['one', 'other'].map((commandId) => sends('finish', commandId));
  await until('both wait', async () => {
    const waiting = await Promise.all(['one', 'other'].map((id) => isWaiting(errand, id)));
    return waiting.every(Boolean);
  });
  afterCommit = async () => {
    afterCommit = () => Promise.resolve();
    await world.client.workflow.getHandle(errand.workflowId).signal(calendarsChangedSignal);
  };
  busy.resolve();
  expect(await before).toMatchObject({ sequence: 2 });
  const answers = await Promise.allSettled(both);
  expect(answers.toSorted((a, b) => a.status.localeCompare(b.status))).toMatchObject([
    { status: 'fulfilled', value: { sequence: 3 } },
    { status: 'rejected', reason: { problem: { code: 'request.unavailable' } } },
  ]);
  const again = await Promise.allSettled(['one', 'other'].map((id) => sends('finish', id)));
  expect(again.toSorted((a, b) => a.status.localeCompare(b.status))).toMatchObject([
    { status: 'fulfilled', value: { sequence: 3 } },
    { status: 'rejected', reason: { problem: { code: 'loop.closed' } } },
  ]);
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'work', 'finish']);
});
