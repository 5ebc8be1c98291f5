/**
 * `npm run bench:flows`: complete handoffs a second (offer, read back, confirm), 16 at once, beside the
 * least that a durable flow of three steps can be, on the same servers, in turn.
 */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import type { AccountId } from '../domain/id.ts';
import { useStack } from '../test/support/current-stack.ts';
import { givenAccount } from '../test/support/handoff-organisation.ts';
import { berlin, handoffWorld, offers, tokyo } from '../test/support/handoff-story.ts';
import { startStack } from '../test/support/stack.ts';
import { workflowBundle } from '../test/support/workflow-bundle.ts';
import type { World } from '../test/support/world.ts';
import { takePeerStep, type PeerActivities } from './peer/workflow.ts';

const inParallel = 16;
const flowsPerRound = 64;
const rounds = 7;
const taskQueue = 'peer';

interface Latencies {
  readonly offer: number[];
  readonly accept: number[];
}

async function timed<T>(into: number[], act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const answer = await act();
  into.push(performance.now() - startedAt);
  return answer;
}

async function handoff(world: World, account: AccountId, into: Latencies): Promise<void> {
  const offered = await timed(into.offer, () => offers(world, { account }));
  await timed(into.accept, () => offered.readsBack(tokyo.lead));
  await offered.confirms(berlin.lead);
}

async function peerFlow({ client }: World): Promise<void> {
  const workflowId = `peer:${randomUUID()}`;
  await client.workflow.executeUpdateWithStart(takePeerStep, {
    args: [1],
    startWorkflowOperation: new WithStartWorkflowOperation('peer', {
      workflowId,
      taskQueue,
      args: [workflowId],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  const handle = client.workflow.getHandle(workflowId);
  await handle.executeUpdate(takePeerStep, { args: [2] });
  await handle.executeUpdate(takePeerStep, { args: [3] });
}

/** Flows a second, so many under way at once. */
async function rate(flow: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const runner = async (): Promise<void> => {
    while (next < flowsPerRound) await flow(next++);
  };
  await Promise.all(Array.from({ length: inParallel }, runner));
  return (flowsPerRound / (performance.now() - startedAt)) * 1_000;
}

async function accountsFor(world: World): Promise<readonly AccountId[]> {
  const ids = Array.from({ length: flowsPerRound }, () => randomUUID() as string as AccountId);
  const since = world.clock.now() - 1_000;
  for (const id of ids) await givenAccount(world.database.db, { id, owner: berlin.lead, since });
  return ids;
}

async function peerWorker(world: World, address: string): Promise<() => Promise<void>> {
  const { db } = world.database;
  await sql`CREATE TABLE peer (flow text, step int, PRIMARY KEY (flow, step))`.execute(db);
  const activities: PeerActivities = {
    async writeRow(flow, step) {
      await sql`INSERT INTO peer VALUES (${flow}, ${step})`.execute(db);
    },
  };
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle('bench/peer/workflow.ts'),
    activities: { ...activities },
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const at = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const spread = (values: readonly number[], digits = 1): string =>
  `${at(values, 0.5).toFixed(digits)} (${at(values, 0).toFixed(digits)} – ${at(values, 1).toFixed(digits)})`;

const before = loadavg()[0]?.toFixed(1);
const { stack, stop } = await startStack();
useStack(stack);
const world = await handoffWorld({ startsAt: Date.now() });
const stopPeer = await peerWorker(world, stack.temporalAddress);
const latencies: Latencies = { offer: [], accept: [] };
const handoffs: number[] = [];
const peers: number[] = [];
for (let round = -1; round < rounds; round++) {
  const accounts = await accountsFor(world);
  const into = round < 0 ? { offer: [], accept: [] } : latencies; // the first round warms up
  const ours = await rate((index) => handoff(world, accounts[index] ?? accounts[0]!, into));
  const theirs = await rate(() => peerFlow(world));
  if (round < 0) continue;
  handoffs.push(ours);
  peers.push(theirs);
}
const ratios = handoffs.map((ours, round) => ours / (peers[round] ?? Number.NaN));
const { node } = process.versions;
console.log(`# Flows a second

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${before} before; node ${node};
Temporal's development server and Postgres on the same machine; ${inParallel} at once, ${flowsPerRound} a round, ${rounds} rounds of each in turn.

| what | median (least – most) |
|---|---|
| complete handoffs a second | ${spread(handoffs)} |
| least flows of three steps a second | ${spread(peers)} |
| ratio, round by round (target ≥ 0.6) | ${spread(ratios, 2)} |

| latency at ${inParallel} at once | p50 | p99 |
|---|---|---|
| offer | ${at(latencies.offer, 0.5).toFixed(0)} ms | ${at(latencies.offer, 0.99).toFixed(0)} ms |
| accept | ${at(latencies.accept, 0.5).toFixed(0)} ms | ${at(latencies.accept, 0.99).toFixed(0)} ms |

A handoff writes its step, projection, tasks, messages and audit in each transaction; the least flow writes one row.`);
await stopPeer();
await world.stop();
await stop();
