/** A command in a process group of its own, so that at its limit everything it started ends with it. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** After it is asked to end; it may have servers to stop. */
const endsWithinMs = 20_000;

export interface Ended {
  readonly code: number;
  /** What it said, unless that was only shown. */
  readonly output: string;
}

export interface RunOptions {
  readonly minutesMax: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly says: 'shown' | 'kept' | 'both';
}

/** `command`: a program of node_modules and its arguments. */
export function runInGroup(command: readonly string[], options: RunOptions): Promise<Ended> {
  const [program = '', ...args] = command;
  const { minutesMax, environment, says } = options;
  const output = says === 'shown' ? 'inherit' : 'pipe';
  const child = spawn(path.join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', output, output],
    ...(environment && { env: environment }),
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (says === 'both') process.stdout.write(chunk);
    });
  }
  const forward = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const timers = [
    setTimeout(() => {
      console.error(`${program} took longer than ${minutesMax} minutes and was ended.`);
      forward('SIGINT');
    }, minutesMax * 60_000),
    setTimeout(() => forward('SIGKILL'), minutesMax * 60_000 + endsWithinMs),
  ];
  return new Promise((resolve) => {
    const finish = (code: number | null): void => {
      for (const timer of timers) clearTimeout(timer);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    };
    child.once('error', () => finish(1));
    child.once('close', finish);
  });
}
