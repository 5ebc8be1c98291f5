/** A server we start, watch and stop: in a session of its own, so that Ctrl-C reaches only us. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartProblem } from './start-problem.ts';

/** Each of many connections of a server that was killed says so when it ends. */
const logTailBytesMax = 64_000;
const pollMs = 20;
const portPatienceMs = 500;

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Asks politely, and insists after `graceMs`. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
  kill(): void;
  logTail(): string;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

export function spawnServer(server: ServerCommand): ServerProcess {
  mkdirSync(path.dirname(server.logFile), { recursive: true });
  closeSync(openSync(server.logFile, 'w'));
  // Those of an earlier server may still write into it: after what this one says, never over it.
  const log = openSync(server.logFile, 'a');
  const { uid, gid } = server;
  const child = spawn(server.command, [...server.args], {
    detached: true,
    stdio: ['ignore', log, log],
    ...(server.env && { env: server.env }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      over = true;
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
  const send = (signal: NodeJS.Signals): void => {
    if (!over && child.pid !== undefined) child.kill(signal);
  };
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => over,
    kill: () => send('SIGKILL'),
    logTail: () => readTail(server.logFile),
    async stop(signal, graceMs) {
      send(signal);
      const insist = setTimeout(() => send('SIGKILL'), graceMs);
      await ended;
      clearTimeout(insist);
    },
  };
}

function readTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-logTailBytesMax);
  } catch {
    return '';
  }
}

/** Ends a server that an earlier run left behind; `mark` must appear in its command line. */
export async function stopLeftover(
  pid: number,
  mark: string,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!commandLine(pid).includes(mark)) return;
  process.kill(pid, signal);
  const deadline = performance.now() + 10_000;
  while (commandLine(pid).includes(mark)) {
    if (performance.now() > deadline) process.kill(pid, 'SIGKILL');
    await pause(pollMs);
  }
}

/** Empty when no such process lives. */
export function commandLine(pid: number): string {
  if (process.platform !== 'linux') {
    return (
      spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
    );
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** A server that was just killed holds its port for a moment; anyone else holds it longer. */
export async function demandFreePort(
  port: number,
  what: string,
  variable: string,
  host: string = '127.0.0.1',
): Promise<void> {
  const deadline = performance.now() + portPatienceMs;
  while (await isTaken(port, host)) {
    if (performance.now() > deadline) throw portInUse(port, what, variable);
    await pause(pollMs);
  }
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });
}

export const portInUse = (port: number, what: string, variable: string): StartProblem =>
  new StartProblem(
    'port_in_use',
    `Port ${port}, which ${what} needs, is in use: stop the program that holds it, or choose another port with ${variable}.`,
  );

export const diskFull = (directory: string): StartProblem =>
  new StartProblem(
    'disk_full',
    `The disk that holds ${directory} is full: free some space, or choose another place with MERIDIAN_DATA_DIRECTORY.`,
  );

/** Waits until somebody accepts connections on the port, or until `given` says to give up. */
export async function untilListening(port: number, givenUp: () => boolean): Promise<boolean> {
  while (!givenUp()) {
    if (await accepts(port)) return true;
    await pause(pollMs);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
