/** A worker in a process of its own, to be killed: run by `startWorkerProcess`, one JSON argument. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/create.ts';
import { loops } from '../../activities/loops.ts';
import { openDatabase } from '../../db/client.ts';
import { errandDefinition, nextErrandDefinition } from './toy/errand-definition.ts';
import type { WorkerOrder } from './worker-child.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const errand = order.isNextBuild ? nextErrandDefinition() : errandDefinition();
const activities = createActivities({
  db: openDatabase({ url: order.databaseUrl }),
  clock: { now: Date.now },
  loops: { ...loops, errand },
  startDeliveries: () => undefined,
  channels: {},
  publicUrl: 'http://meridian.test',
  onOutage: () => undefined,
});
const connection = await NativeConnection.connect({ address: order.address });
const worker = await Worker.create({
  connection,
  taskQueue: order.taskQueue,
  workflowBundle: { codePath: order.codePath },
  activities: {
    ...activities,
    /** Dies when the step has committed, and before Temporal hears of it. */
    async recordTransition(proposal: Parameters<typeof activities.recordTransition>[0]) {
      const answer = await activities.recordTransition(proposal);
      if (order.dieAfter === (proposal.command?.type ?? 'replan'))
        process.kill(process.pid, 'SIGKILL');
      return answer;
    },
  },
  ...(order.buildId !== undefined && {
    workerDeploymentOptions: {
      version: { deploymentName: order.taskQueue, buildId: order.buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  }),
});
process.stdout.write('ready\n');
await worker.run();
