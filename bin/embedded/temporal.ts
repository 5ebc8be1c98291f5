/** A Temporal server of our own: the CLI's development server, kept in a file when one is named. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  demandFreePort,
  diskFull,
  type ServerProcess,
  spawnServer,
  stopLeftover,
  untilListening,
} from './server-process.ts';
import { StartProblem } from './start-problem.ts';

const readyWithinMs = 30_000;
const stopGraceMs = 5_000;
const pollMs = 20;

export interface TemporalOptions {
  readonly binary: string;
  readonly port: number;
  /** Without it the server keeps nothing beyond its own life. */
  readonly databaseFile?: string;
  /** Virtual time per workflow: for tests. */
  readonly timeSkipping?: boolean;
  readonly namespace?: string;
  readonly searchAttributes?: Readonly<Record<string, string>>;
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
}

export interface EmbeddedTemporal {
  readonly address: string;
  stop(): Promise<void>;
  /** As if the power went: for tests of recovery. */
  kill(): void;
}

export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const files = filesOf(options);
  mkdirSync(path.dirname(files.log), { recursive: true });
  if (options.databaseFile !== undefined) await stopOrphan(files.pid, options.databaseFile);
  await demandFreePort(options.port, 'Temporal', 'MERIDIAN_TEMPORAL_PORT');
  const server = spawnServer({
    command: options.binary,
    args: commandLine(options),
    logFile: files.log,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? os.homedir(), TZ: 'UTC' },
  });
  await writeFile(files.pid, String(server.pid));
  const address = `127.0.0.1:${options.port}`;
  if (!(await isReady(server, address, options))) {
    server.kill();
    throw explain(server.logTail(), options, files.log);
  }
  return {
    address,
    kill: () => server.kill(),
    async stop() {
      await server.stop('SIGTERM', stopGraceMs);
      await rm(files.pid, { force: true });
      if (options.databaseFile === undefined) await rm(files.log, { force: true });
    },
  };
}

function filesOf({ databaseFile, port }: TemporalOptions): { log: string; pid: string } {
  const stem = databaseFile ?? path.join(os.tmpdir(), `meridian-temporal-${process.pid}-${port}`);
  return { log: `${stem}.log`, pid: `${stem}.pid` };
}

function commandLine(options: TemporalOptions): readonly string[] {
  const dynamic = {
    ...(options.timeSkipping && { 'frontend.WorkflowTimeSkippingEnabled': true }),
    ...options.dynamicConfig,
  };
  return [
    'server',
    'start-dev',
    '--headless',
    '--ip=127.0.0.1',
    `--port=${options.port}`,
    '--log-level=warn',
    ...(options.databaseFile === undefined ? [] : ['--db-filename', options.databaseFile]),
    ...(options.namespace === undefined ? [] : ['--namespace', options.namespace]),
    ...Object.entries(dynamic).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...Object.entries(options.searchAttributes ?? {}).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${type}`,
    ]),
  ];
}

/** A server of this very file, left by a run that was killed: whoever starts owns the file. */
async function stopOrphan(pidFile: string, databaseFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  if (pid > 0) await stopLeftover(pid, databaseFile, 'SIGTERM');
}

/** Listening is not enough: the namespace appears a moment later. */
async function isReady(
  server: ServerProcess,
  address: string,
  { port, namespace }: TemporalOptions,
): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  const givenUp = (): boolean => server.hasEnded() || performance.now() > deadline;
  // Loaded while the server starts.
  const { Connection } = await import('@temporalio/client');
  if (!(await untilListening(port, givenUp))) return false;
  const connection = Connection.lazy({ address });
  try {
    while (!givenUp()) {
      try {
        await connection.workflowService.describeNamespace({ namespace: namespace ?? 'default' });
        return true;
      } catch {
        await pause(pollMs);
      }
    }
    return false;
  } finally {
    await connection.close();
  }
}

function explain(
  log: string,
  { databaseFile, binary }: TemporalOptions,
  logFile: string,
): StartProblem {
  if (/no space left on device|database or disk is full/i.test(log)) {
    return diskFull(path.dirname(databaseFile ?? logFile));
  }
  const lastLine = log.trim().split('\n').at(-1) ?? '';
  return new StartProblem(
    'not_ready',
    `Temporal (${binary}) did not start (${lastLine}): read ${logFile}, or use a server of your own through TEMPORAL_ADDRESS.`,
  );
}
