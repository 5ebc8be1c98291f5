/** `npm run api`: the API and the pages; any number of them answer side by side. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConfig } from './config.ts';
import { runCommand } from './run-command.ts';

const app = new Hono().get('/livez', ({ text }) => text('alive'));

await runCommand(async () => {
  const config = readConfig(process.env);
  const server = serve({ fetch: app.fetch, hostname: config.http.host, port: config.http.port });
  server.once('listening', () => process.stdout.write('api ready\n'));
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
});
