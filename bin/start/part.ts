/** A part of the product as a process of its own, so that one part's end is not the others'. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config.ts';
import { StartProblem } from '../embedded/start-problem.ts';
import { compileCache } from './compile-cache.ts';

const stopGraceMs = 10_000;
const tailLines = 12;

export interface PartOrder {
  readonly name: 'api' | 'worker';
  readonly environment: Environment;
  readonly logFile: string;
}

export interface Part {
  readonly name: string;
  readonly logFile: string;
  readonly ended: Promise<void>;
  /** Settles once it answers; it loads at once, but does nothing before this is called. */
  begin(): Promise<void>;
  stop(): Promise<void>;
  kill(): void;
}

/** Detached, so that Ctrl-C reaches us alone and the order of stopping is ours. */
export function startPart(order: PartOrder): Part {
  const { name, logFile } = order;
  const warmUp = fileURLToPath(new URL(`./warm-${name}.ts`, import.meta.url));
  const script = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', warmUp, script], {
    env: { NODE_COMPILE_CACHE: compileCache, ...order.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => void log.end(() => resolve());
    child.once('error', finish);
    child.once('close', finish);
  });
  return {
    name,
    logFile,
    ended,
    begin: () => begin(child, order, ended),
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await ended;
      clearTimeout(insist);
    },
  };
}

function begin(
  child: ChildProcess,
  { name, logFile }: PartOrder,
  ended: Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const look = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (!printed.includes(`${name} ready`)) return;
      child.stdout?.off('data', look);
      resolve();
    };
    child.stdout?.on('data', look);
    if (child.connected) child.send('begin');
    void ended.then(() => reject(endedTooSoon(name, logFile)));
  });
}

const endedTooSoon = (name: string, logFile: string): StartProblem =>
  new StartProblem('not_ready', `The ${name} ended before it was ready:\n${lastLines(logFile)}`);

export const lastLines = (file: string): string =>
  readFileSync(file, 'utf8').trim().split('\n').slice(-tailLines).join('\n');
