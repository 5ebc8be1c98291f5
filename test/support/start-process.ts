/** `npm start` and its neighbours as processes, on free ports and data of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { scratchDirectory } from './scratch.ts';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  output(): string;
  /** Fails when it ends without. */
  says(text: string): Promise<void>;
}

const portNames = [
  'PORT',
  'MERIDIAN_IDENTITY_PORT',
  'MERIDIAN_MAIL_PORT',
  'MERIDIAN_SMTP_PORT',
  'MERIDIAN_POSTGRES_PORT',
  'MERIDIAN_TEMPORAL_PORT',
] as const;
export type PortName = (typeof portNames)[number];

const scripts = new URL('../../bin/', import.meta.url);
export const startScript = fileURLToPath(new URL('start.ts', scripts));
export const tokenScript = fileURLToPath(new URL('token.ts', scripts));

export type StartProcesses = Awaited<ReturnType<typeof startProcesses>>;

export async function startProcesses() {
  const directory = scratchDirectory('start');
  const ports = await Promise.all(
    portNames.map(async (name) => [name, String(await freePort())] as const),
  );
  const environment: Readonly<Record<string, string>> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    MERIDIAN_DATA_DIRECTORY: path.join(directory, 'data'),
    ...Object.fromEntries(ports),
  };
  const running: Run[] = [];

  function run(file: string, args: readonly string[] = [], more: Record<string, string> = {}): Run {
    const child = spawn(process.execPath, [file, ...args], {
      env: { ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const heard = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        for (const listener of heard) listener();
      });
    }
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
    const says = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => void (output.includes(text) && resolve());
        heard.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${output}`)));
      });
    const started = { child, ended, says, output: () => output };
    running.push(started);
    return started;
  }

  return {
    directory,
    environment,
    run,
    port: (name: PortName): string => environment[name] ?? '',
    async stop() {
      for (const { child, ended } of running.splice(0)) {
        child.kill('SIGINT');
        await ended;
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
