/** The servers and workers that flows are measured on: on disk, as durable as `npm start` has them. */
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMailSink } from '../bin/embedded/mail-sink.ts';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { startTemporal } from '../bin/embedded/temporal.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { freePort } from '../test/support/free-port.ts';
import { givenHandoffPeople } from '../test/support/handoff-organisation.ts';
import type { HandoffStage } from '../test/support/handoff-story.ts';
import { startProductWorker } from '../test/support/product-process.ts';
import { temporalBinary } from '../test/support/temporal-binary.ts';

export interface FlowStage extends HandoffStage {
  readonly db: Database;
  readonly peerQueue: string;
  /** Of the servers, for the report. */
  readonly versions: string;
  stop(): Promise<void>;
}

interface PeerOrder {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly taskQueue: string;
}

async function startPeerWorker(order: PeerOrder): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL('peer/worker.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'], // its input ends with this process
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: order.databaseUrl,
      TEMPORAL_ADDRESS: order.temporalAddress,
      TASK_QUEUE: order.taskQueue,
    },
  });
  const died = once(child, 'exit');
  const isReady = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    died.then(() => false),
  ]);
  if (!isReady) throw new Error('the peer worker ended before it was ready');
  return async () => {
    child.kill('SIGKILL');
    await died;
  };
}

export async function startFlowStage(): Promise<FlowStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'meridian-flows-'));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const [postgres, temporal, sink] = await Promise.all([
    startPostgres({
      directory: path.join(directory, 'postgres'),
      port: await freePort(),
      persistent: true,
      durable: true,
    }),
    startTemporal({
      binary: temporalBinary(),
      port: await freePort(),
      databaseFile: path.join(directory, 'temporal.db'),
    }),
    startMailSink({ smtpPort: 0, pagePort: 0 }),
  ]);
  await migrate(postgres.url);
  const db = openDatabase({ url: postgres.url });
  await givenHandoffPeople(db, Date.now());
  await sql`CREATE TABLE peer (flow text, step int, PRIMARY KEY (flow, step))`.execute(db);
  const connection = await Connection.connect({ address: temporal.address });
  const taskQueue = 'flows';
  const peerQueue = 'peer-flows';
  const servers = { databaseUrl: postgres.url, temporalAddress: temporal.address };
  const product = await startProductWorker({ ...servers, taskQueue, smtpUrl: sink.smtpUrl });
  const stopPeer = await startPeerWorker({ ...servers, taskQueue: peerQueue });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  const shown = await sql<{
    version: string;
  }>`SELECT current_setting('server_version') version`.execute(db);
  return {
    client: new Client({ connection }),
    clock: { now: Date.now, moveTo: () => undefined },
    taskQueue,
    database: { db },
    db,
    peerQueue,
    versions: `Temporal ${serverVersion} (development server), Postgres ${shown.rows[0]?.version}`,
    async stop() {
      await Promise.all([product.kill(), stopPeer(), connection.close(), db.destroy()]);
      temporal.kill();
      postgres.kill();
      await Promise.all([sink.stop(), postgres.stop(), temporal.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
