/** The peer's worker, in a process of its own like the product's. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { PeerActivities } from './workflow.ts';

const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', TASK_QUEUE = '' } = process.env;
/** As many as the product's worker has. */
const connectionsMax = 10;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const sql = postgres(DATABASE_URL, { max: connectionsMax });
const activities: PeerActivities = {
  async writeRow(flow, step) {
    await sql`INSERT INTO peer (flow, step) VALUES (${flow}, ${step})`;
  },
};
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: TEMPORAL_ADDRESS }),
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)),
  activities: { ...activities },
});
process.stdin.resume().once('end', () => process.exit());
process.stdout.write('peer ready\n');
await worker.run();
