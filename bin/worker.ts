/** `npm run worker`: runs the workflows and their side effects; any number of them share the work. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { adoptZoneData } from '../activities/adopt-zone-data.ts';
import { createAnnounceCalendarChanges } from '../activities/calendar-changes.ts';
import { createFollowAlerts } from '../activities/alert/follow-alerts.ts';
import { createActivities } from '../activities/create.ts';
import { createMaintenanceActivities } from '../activities/create-maintenance.ts';
import { loops } from '../activities/loops.ts';
import { createProviderWatch } from '../activities/provider-watch.ts';
import { createDeliverSoon, deliveryHorizonMs } from '../activities/start-delivery.ts';
import { createStartOpenings } from '../activities/start-openings.ts';
import { createStartWebhooks } from '../activities/start-webhooks.ts';
import { tellPause } from '../activities/tell-pause.ts';
import { unsubscribePath, unsubscribeToken } from '../channels/email/unsubscribe.ts';
import { createChannels } from '../channels/registry.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { zonesInUse } from '../db/zone-data.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { zones } from '../domain/time/zone.ts';
import { calendarChangeAddress, loopWorkflows } from '../workflows/addresses.ts';
import { readConfig, type Config } from './config.ts';
import { deploymentName, makeCurrentBuild } from './deployment.ts';
import { scheduleDigests, scheduleMaintenance, scheduleQuarters } from './maintenance-schedule.ts';
import { runCommand } from './run-command.ts';
import { buildWorkflows } from './workflow-bundle.ts';
import { adoptionReport, runtimeReport } from './zone-report.ts';

const shutdownGraceMs = 3_000;
const shutdownForceMs = 6_000;

export type WorkerConfig = Pick<Config, 'database' | 'temporal' | 'mail' | 'site' | 'links'>;

export interface RunningWorker {
  readonly buildId: string;
  stop(): Promise<void>;
}

export async function startWorker(config: WorkerConfig): Promise<RunningWorker> {
  const { namespace, taskQueue, connection: options } = config.temporal;
  const [{ bundle, buildId }, connection, clientConnection] = await Promise.all([
    buildWorkflows(),
    NativeConnection.connect(options),
    Connection.connect(options),
  ]);
  const client = new Client({ connection: clientConnection, namespace });
  const db = openDatabase({ ...config.database, applicationName: 'meridian-worker' });
  const channels = createChannels({ ...config.mail, proofSecret: config.links.secret });
  const clock = { now: Date.now };
  try {
    for (const sentence of await bringZoneData(db, clock)) process.stderr.write(`${sentence}\n`);
  } catch (error) {
    await Promise.all([db.destroy(), connection.close(), clientConnection.close()]);
    throw error;
  }
  const delivery = { db, client, taskQueue, clock, horizonMs: deliveryHorizonMs };
  const address = { taskQueue, workflows: loopWorkflows, calendarChange: calendarChangeAddress };
  const startWebhooks = createStartWebhooks(delivery);
  const tellChanges = createAnnounceCalendarChanges({ db, client, clock, address });
  const startOpenings = createStartOpenings({ db, client, clock, address });
  const followAlerts = createFollowAlerts({ db, client, address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: {
      ...createActivities({
        db,
        clock,
        loops,
        channels,
        publicUrl: config.site.publicUrl,
        replies: config.mail.replies,
        unsubscribeUrl: (person) => unsubscribeUrl(config, person),
        providers: createProviderWatch({ db, clock, onPause: tellPause }),
        startDeliveries: createDeliverSoon(delivery),
        // A start that fails never fails the step it follows: the sweep is the net.
        startOpenings: (ids) => void startOpenings(ids).catch(() => undefined),
        startWebhooks: (due) => void startWebhooks(due).catch(() => undefined),
        tellChanges: () => void tellChanges().catch(() => undefined),
        followAlerts: () => void followAlerts().catch(() => undefined),
        onOutage: () => undefined,
      }),
      ...createMaintenanceActivities({
        ...delivery,
        address,
        startDeliveries: createDeliverSoon(delivery),
      }),
    },
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownForceMs,
  });
  const running = worker.run();
  await makeCurrentBuild(client, { deploymentName, buildId });
  await scheduleMaintenance(client, taskQueue);
  await scheduleDigests(client, taskQueue);
  await scheduleQuarters(client, taskQueue);
  return {
    buildId,
    async stop() {
      worker.shutdown();
      await running;
      for (const channel of Object.values(channels)) channel.close();
      await Promise.all([db.destroy(), connection.close(), clientConnection.close()]);
    },
  };
}

const unsubscribeUrl = ({ site, links }: WorkerConfig, person: PersonId): string =>
  `${site.publicUrl}${unsubscribePath(unsubscribeToken(links.secret, person))}`;

/** Before anything is planned. */
const bringZoneData = async (
  db: Database,
  clock: { now(): Instant },
): Promise<readonly string[]> => [
  ...runtimeReport(await zonesInUse(db)),
  ...adoptionReport(await adoptZoneData({ db, clock, zoneData: zones })),
];

if (import.meta.main) {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  await runCommand(async () => {
    const worker = await startWorker(
      readConfig(process.env, ['database', 'temporal', 'mail', 'site', 'links']),
    );
    process.stdout.write(`worker ready, build ${worker.buildId}\n`);
    const stop = (): void => void worker.stop().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
