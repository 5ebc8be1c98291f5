/**
 * Vitest's global set-up for tests that need servers: one Postgres with a migrated template database
 * and one Temporal server for the whole run, however many projects ask for them.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import connectPostgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../bin/embedded/postgres.ts';
import { startTemporal } from '../../bin/embedded/temporal.ts';
import { migrate } from '../../db/migrate.ts';
import { freePort } from './free-port.ts';
import { temporalBinary } from './temporal-binary.ts';
import { scratchDirectory } from './scratch.ts';

export interface Stack {
  /** Of the server's maintenance database. */
  readonly postgresUrl: string;
  readonly templateDatabase: string;
  readonly temporalAddress: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    stack: Stack;
  }
}

export interface StackOptions {
  readonly suggestNewRunAfter?: number;
}

export interface RunningStack {
  readonly stack: Stack;
  stop(): Promise<void>;
}
/** Vitest loads this file once for each project; the servers must still be one. */
const shared = globalThis as { meridianStack?: { users: number; running: Promise<RunningStack> } };
const templateDatabase = 'meridian_template';

/** `suggestNewRunAfter`: events after which the server suggests to continue as new. */
export async function startStack({ suggestNewRunAfter }: StackOptions = {}): Promise<RunningStack> {
  const directory = scratchDirectory('test');
  const postgres = await startPostgres({
    directory: path.join(directory, 'postgres'),
    port: await freePort(),
    persistent: false,
    durable: false,
  });
  const temporal = await startTemporal({
    binary: temporalBinary(),
    port: await freePort(),
    timeSkipping: true,
    // A timer that virtual time makes due fires at once instead of within a second.
    dynamicConfig: {
      'history.timerProcessorMaxTimeShift': '10ms',
      ...(suggestNewRunAfter !== undefined && {
        'limit.historyCount.suggestContinueAsNew': suggestNewRunAfter,
      }),
    },
  });
  const url = new URL(postgres.url);
  url.pathname = '/postgres';
  const sql = connectPostgres(url.href, { max: 1 });
  await sql.unsafe(`CREATE DATABASE ${templateDatabase}`);
  await sql.end();
  const template = new URL(url);
  template.pathname = `/${templateDatabase}`;
  await migrate(template.href);
  return {
    stack: { postgresUrl: url.href, templateDatabase, temporalAddress: temporal.address },
    async stop() {
      temporal.kill();
      postgres.kill();
      await Promise.all([postgres.stop(), temporal.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.meridianStack ??= { users: 0, running: startStack() };
  const mine = shared.meridianStack;
  mine.users++;
  const running = await mine.running;
  project.provide('stack', running.stack);
  return async () => {
    if (--mine.users > 0) return;
    delete shared.meridianStack;
    await running.stop();
  };
}
