/** From nothing to the first answered request, and cleanly back to nothing. */
import path from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { demandFreePort } from '../embedded/server-process.ts';
import { StartProblem } from '../embedded/start-problem.ts';
import { explain } from '../run-command.ts';
import { holdDirectory, keepSecrets } from './data-directory.ts';
import { completeEnvironment, type Embedded, embeddedParts } from './environment.ts';
import { lastLines, type Part, startPart } from './part.ts';
import { createRunning, interrupted, type Running, together } from './running.ts';
import { readSettings, type StartSettings } from './settings.ts';
import { welcome } from './welcome.ts';

const running = createRunning();
const letGo: (() => void)[] = [];

async function start(): Promise<readonly Part[]> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new StartProblem(
      'configuration',
      'npm start is for development and demonstration: in production run npm run migrate, npm run api and npm run worker.',
    );
  }
  const settings = readSettings(process.env);
  letGo.push(holdDirectory(settings.directory));
  const embedded = embeddedParts(process.env);
  const secrets = keepSecrets(settings.directory);
  const environment = completeEnvironment(process.env, embedded, settings, secrets);
  const config = readConfig(environment);
  await demandFreePorts(settings, embedded);
  const parts = (['worker', 'api'] as const).map((name) => {
    const logFile = path.join(settings.directory, `${name}.log`);
    return running.add('product', startPart({ name, environment, logFile }));
  });
  // Loaded only now, so that the parts load beside it.
  const { startServers } = await import('./servers.ts');
  await startServers({ settings, embedded, secrets, config, running });
  running.demandGoingOn();
  await together(parts.map((part) => part.begin()));
  await firstAnswer(`http://127.0.0.1:${settings.ports.app}/livez`);
  console.log(welcome({ config, settings, embedded, startedInMs: performance.now() }));
  if (embedded.temporal) await continueLoops(config);
  return parts;
}

/** After the code has changed; nobody else runs what the worker before left open. */
async function continueLoops(config: Config): Promise<void> {
  const { takeOver } = await import('../take-over.ts');
  const taken = await takeOver(config);
  if (taken > 0) console.log(`Open loops that go on under the changed code: ${taken}.`);
}

/** At once, and not after half has started; Postgres and Temporal look for themselves. */
async function demandFreePorts({ ports }: StartSettings, embedded: Embedded): Promise<void> {
  await demandFreePort(ports.app, 'the product', 'PORT');
  if (embedded.identity) {
    await demandFreePort(ports.identity, 'sign-in', 'MERIDIAN_IDENTITY_PORT', 'localhost');
  }
  if (embedded.mail) {
    await demandFreePort(ports.smtp, 'the mail sink', 'MERIDIAN_SMTP_PORT');
    await demandFreePort(ports.mailPage, "the mail sink's page", 'MERIDIAN_MAIL_PORT');
  }
}

async function firstAnswer(url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new StartProblem('not_ready', `${url} answers ${answer.status}.`);
}

/** The only owner of signals: the first asks for a clean end, the second insists. */
function untilAskedToStop(all: Running): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    const ask = (): void => {
      asked += 1;
      if (asked > 1) {
        all.kill();
        process.exit(130);
      }
      console.log('\nStopping; once more to stop at once.');
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
}

async function firstDeath(parts: readonly Part[]): Promise<Part> {
  return Promise.race(parts.map((part) => part.ended.then(() => part)));
}

const asked = untilAskedToStop(running);
const started = start();
try {
  const parts = await Promise.race([started, asked]);
  const dead = parts && (await Promise.race([firstDeath(parts), asked]));
  if (dead) {
    process.exitCode = 1;
    console.error(
      `The ${dead.name} ended by itself (${dead.logFile}):\n${lastLines(dead.logFile)}`,
    );
  }
} catch (error) {
  process.exitCode = 1;
  console.error(explain(error));
}
const isEnded = running.stop();
await started.catch((error: unknown) => {
  if (error !== interrupted && process.exitCode !== 1) console.error(explain(error));
});
await isEnded;
// What had begun to start meanwhile.
await running.stop();
for (const release of letGo) release();
process.exit();
