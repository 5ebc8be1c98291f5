/** `npm run api`: answers over HTTP; any number of them stand side by side. */
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../api/app.ts';
import { createLoopGateway } from '../api/loop-gateway.ts';
import { createVerifyToken, remoteKeys } from '../api/verify-token.ts';
import { openDatabase } from '../db/client.ts';
import { readConfig } from './config.ts';
import { runCommand } from './run-command.ts';

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;

await runCommand(async () => {
  const config = readConfig(process.env);
  const { connection, namespace, taskQueue } = config.temporal;
  const db = openDatabase({ ...config.database, applicationName: 'meridian-api' });
  const client = new Client({ connection: Connection.lazy(connection), namespace });
  const { issuer, audience } = config.identity;
  const app = createApp({
    db,
    loops: createLoopGateway({ client, db, taskQueue }),
    clock: { now: Date.now },
    verifyToken: createVerifyToken(remoteKeys(issuer), { issuer, audience }, clock),
    issuer,
    publicUrl: config.site.publicUrl,
    log: pino({ level: config.process.logLevel }),
  });
  const server = serve({
    fetch: app.fetch,
    hostname: config.http.host,
    port: config.http.port,
    serverOptions: { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
  });
  server.once('listening', () => process.stdout.write('api ready\n'));
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
});
