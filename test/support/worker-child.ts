import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoopId } from '../../domain/id.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface WorkerOrder {
  readonly address: string;
  readonly databaseUrl: string;
  readonly taskQueue: string;
  readonly codePath: string;
  /** With it the worker sends mail, begun as the product begins it. */
  readonly smtpUrl?: string;
  /** With it the worker is versioned, and pins what it starts. */
  readonly buildId?: string;
  /** Records errands by the rules of the next build. */
  readonly isNextBuild?: boolean;
  /** With it the worker brings its zone data as the product's does; else it plans with its own, unasked. */
  readonly zoneData?: 'older' | 'newer';
}

export interface WorkerChild {
  readonly died: Promise<void>;
  /** By loop: the command after whose commit its worker comes to nothing more, as before a death. */
  hangAfter(steps: Readonly<Record<LoopId, string>>): Promise<void>;
  kill(): Promise<void>;
}

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

export async function startWorkerProcess(order: WorkerOrder): Promise<WorkerChild> {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const died = once(child, 'exit').then(() => undefined);
  await Promise.race([
    once(child.stdout, 'data'),
    died.then(() => Promise.reject(new Error('the worker ended before it was ready'))),
  ]);
  return {
    died,
    async hangAfter(steps) {
      const told = once(child.stdout, 'data');
      child.stdin.write(`${JSON.stringify(steps)}\n`);
      await told;
    },
    async kill() {
      child.kill('SIGKILL');
      await died;
    },
  };
}

/** The bundle as a file that worker processes share. */
export async function bundleFile(workflows: string): Promise<string> {
  const bundle = await workflowBundle(workflows);
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'meridian-bundle-')), 'workflows.js');
  writeFileSync(file, 'code' in bundle ? bundle.code : '');
  return file;
}
