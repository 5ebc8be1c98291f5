/** The product's own worker, as `npm run worker` starts it, on servers of a test's choice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerChild } from './worker-child.ts';

const script = fileURLToPath(new URL('../../bin/worker.ts', import.meta.url));

const complaintsMax = 2_000;

export interface ProductWorkerOrder {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly taskQueue: string;
  readonly smtpUrl: string;
}

export async function startProductWorker(
  order: ProductWorkerOrder,
): Promise<Pick<WorkerChild, 'died' | 'kill'>> {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATABASE_URL: order.databaseUrl,
      TEMPORAL_ADDRESS: order.temporalAddress,
      TASK_QUEUE: order.taskQueue,
      SMTP_URL: order.smtpUrl,
      MAIL_FROM: 'Meridian <meridian@example.test>',
      PUBLIC_URL: 'http://localhost:3000',
      SESSION_SECRET: 'of the test alone, and 32 letters long',
    },
  });
  let complaints = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaints = `${complaints}${bytes.toString()}`.slice(-complaintsMax);
  });
  const died = once(child, 'exit').then(() => undefined);
  await Promise.race([
    once(child.stdout, 'data'),
    died.then(() =>
      Promise.reject(new Error(`the worker ended before it was ready: ${complaints}`)),
    ),
  ]);
  return {
    died,
    async kill() {
      child.kill('SIGKILL');
      await died;
    },
  };
}
