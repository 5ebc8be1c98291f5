/** The peer's worker, in a process of its own like the product's. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { PeerActivities } from './workflow.ts';

const {
  DATABASE_URL = '',
  TEMPORAL_ADDRESS: address = '',
  TASK_QUEUE: taskQueue = '',
} = process.env;
/** As many as the product's worker has. */
const connectionsMax = 10;
const messageDelayMs = 3_600_000;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const sql = postgres(DATABASE_URL, { max: connectionsMax });
const client = new Client({ connection: await Connection.connect({ address }) });

const startMessage = (id: string): Promise<unknown> =>
  client.activity.start('deliverMessage', {
    id,
    taskQueue,
    args: [id],
    startToCloseTimeout: 10_000,
    startDelay: messageDelayMs,
  });

/** As in the product, a step does not wait for its messages to be started. */
const activities: PeerActivities = {
  async takeStep({ flow, step, messages }) {
    await sql`INSERT INTO peer (flow, step) VALUES (${flow}, ${step})`;
    for (let n = 0; n < messages; n++) void startMessage(`${flow}:${step}:${n}`);
  },
};
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)),
  activities: { ...activities },
});
process.stdin.resume().once('end', () => process.exit()); // ends with whoever started it
process.stdout.write('peer ready\n');
await worker.run();
