/** The product's own processes, as `npm run api` and `npm run worker` start them, on a test's servers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../../bin/start/compile-cache.ts';
import { audience } from './tokens.ts';
import type { WorkerChild } from './worker-child.ts';

const complaintsMax = 2_000;
/** Mails prove themselves with it, too. */
export const sessionSecret = 'of the test alone, and 32 letters long';

export interface ProductOrder {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly taskQueue: string;
}

export interface ProductWorkerOrder extends ProductOrder {
  readonly smtpUrl: string;
}

export interface ProductApiOrder extends ProductOrder {
  readonly issuer: string;
  readonly port: number;
}

export type ProductProcess = Pick<WorkerChild, 'died' | 'kill'>;

export const startProductWorker = (order: ProductWorkerOrder): Promise<ProductProcess> =>
  startProcess('worker', order, {
    SMTP_URL: order.smtpUrl,
    MAIL_FROM: 'Meridian <meridian@example.test>',
  });

export const startProductApi = (order: ProductApiOrder): Promise<ProductProcess> =>
  startProcess('api', order, {
    SMTP_URL: 'smtp://127.0.0.1:1', // an API sends nothing
    MAIL_FROM: 'Meridian <meridian@example.test>',
    OIDC_ISSUER: order.issuer,
    OIDC_CLIENT_ID: 'meridian',
    OIDC_CLIENT_SECRET: 'secret',
    OIDC_AUDIENCE: audience,
    PORT: String(order.port),
    LOG_LEVEL: 'silent',
  });

async function startProcess(
  name: 'api' | 'worker',
  order: ProductOrder,
  more: Readonly<Record<string, string>>,
): Promise<ProductProcess> {
  const script = fileURLToPath(new URL(`../../bin/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATABASE_URL: order.databaseUrl,
      TEMPORAL_ADDRESS: order.temporalAddress,
      TASK_QUEUE: order.taskQueue,
      PUBLIC_URL: 'http://localhost:3000',
      SESSION_SECRET: sessionSecret,
      NODE_COMPILE_CACHE: compileCache,
      ...more,
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
      Promise.reject(new Error(`the ${name} ended before it was ready: ${complaints}`)),
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
