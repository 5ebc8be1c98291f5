/** `npm run api`: answers over HTTP; any number of them stand side by side. */
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createDeliverSoon, deliveryHorizonMs } from '../activities/start-delivery.ts';
import { createApp } from '../api/app.ts';
import { createAnnounceChange } from '../api/calendar-changes/announce.ts';
import { createLoopGateway } from '../api/loop-gateway.ts';
import { serve } from '../api/serve.ts';
import { createVerifyToken, remoteKeys } from '../api/verify-token.ts';
import { openDatabase } from '../db/client.ts';
import { readConfig } from './config.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const config = readConfig(process.env);
  const { connection, namespace, taskQueue } = config.temporal;
  const clock = { now: Date.now };
  const db = openDatabase({ ...config.database, applicationName: 'meridian-api' });
  const client = new Client({ connection: Connection.lazy(connection), namespace });
  const { issuer, audience, clientId, clientSecret } = config.identity;
  const app = createApp({
    db,
    loops: createLoopGateway({ client, db, taskQueue }),
    announceChange: createAnnounceChange({ client, taskQueue }),
    startDeliveries: createDeliverSoon({
      db,
      client,
      taskQueue,
      clock,
      horizonMs: deliveryHorizonMs,
    }),
    clock,
    verifyToken: createVerifyToken(remoteKeys(issuer), { issuer, audience }, clock),
    issuer,
    publicUrl: config.site.publicUrl,
    proxiesInFront: config.http.proxiesInFront,
    mailIntakeSecret: config.http.mailIntakeSecret,
    mailProofSecret: config.links.secret,
    replies: config.mail.replies && { ...config.mail.replies, sender: config.mail.from },
    pages: { issuer, clientId, clientSecret, secret: config.links.secret },
    log: pino({ level: config.process.logLevel }),
  });
  const served = await serve({ app, host: config.http.host, port: config.http.port });
  process.stdout.write('api ready\n');
  process.once('SIGTERM', () => void served.stop().then(() => process.exit(0)));
});
