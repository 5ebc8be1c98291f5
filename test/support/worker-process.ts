/** A worker in a process of its own, to be killed: run by `startWorkerProcess`, one JSON argument. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { createActivities } from '../../activities/create.ts';
import { loops } from '../../activities/loops.ts';
import { adoptionReport } from '../../bin/zone-report.ts';
import { openDatabase } from '../../db/client.ts';
import { zones } from '../../domain/time/zone.ts';
import { olderZones } from './older-zones.ts';
import { errandDefinition, nextErrandDefinition } from './toy/errand-definition.ts';
import type { WorkerOrder } from './worker-child.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const errand = order.isNextBuild ? nextErrandDefinition() : errandDefinition();
const db = openDatabase({ url: order.databaseUrl });
const clock = { now: Date.now };
const zoneData = order.zoneData === 'older' ? olderZones : zones;
if (order.zoneData) adoptionReport(await adoptZoneData({ db, clock, zoneData }), zoneData);
const activities = createActivities({
  db,
  clock,
  zoneData,
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
  // What a killed worker had is soon another's.
  stickyQueueScheduleToStartTimeout: '1s',
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
