/** A worker in a process of its own, to be killed: run by `startWorkerProcess`, one JSON argument. */
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { createActivities } from '../../activities/create.ts';
import { loops } from '../../activities/loops.ts';
import { createStartDeliveries } from '../../activities/start-delivery.ts';
import { adoptionReport } from '../../bin/zone-report.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { openDatabase } from '../../db/client.ts';
import { noticesById } from '../../db/notices.ts';
import type { NoticeId } from '../../domain/id.ts';
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
let hangAfter: Readonly<Record<string, string>> = {};
createInterface({ input: process.stdin }).on('line', (line) => {
  hangAfter = JSON.parse(line) as typeof hangAfter;
  process.stdout.write('told\n');
});
const mail = order.smtpUrl === undefined ? null : await openMail(order.smtpUrl);
const activities = createActivities({
  db,
  clock,
  zoneData,
  loops: { ...loops, errand },
  startDeliveries: (ids) => void mail?.deliverSoon(ids).catch(() => undefined),
  channels: mail ? { email: mail.email } : {},
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
    openQuarters: () => new Promise<never>(() => undefined),
    /** Hangs when the step has committed, and before Temporal hears of it. */
    async recordTransition(proposal: Parameters<typeof activities.recordTransition>[0]) {
      const answer = await activities.recordTransition(proposal);
      const type = proposal.command?.type ?? 'replan';
      return hangAfter[proposal.id] === type ? new Promise<never>(() => undefined) : answer;
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

async function openMail(smtpUrl: string) {
  const client = new Client({ connection: await Connection.connect({ address: order.address }) });
  const { taskQueue } = order;
  const start = createStartDeliveries({ db, client, taskQueue, clock, horizonMs: 0 });
  const from = { name: 'Meridian', address: 'meridian@example.test' };
  return {
    email: createEmailChannel({ smtpUrl, from }),
    /** Of a loop that is to hang nothing is begun: its worker is as good as dead after the commit. */
    async deliverSoon(ids: readonly NoticeId[]): Promise<void> {
      const [first] = await db
        .selectFrom('notice')
        .select('loop_id')
        .where('id', 'in', ids)
        .execute();
      if (first && !((first.loop_id ?? '') in hangAfter)) await start(await noticesById(db, ids));
    },
  };
}
