/** A Postgres of this file's own goes away under open loops, in real time, and comes back. */
import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '../../bin/embedded/postgres.ts';
import { verifyAudit } from '../../db/audit.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { calendarsChangedSignal } from '../../workflows/messages.ts';
import { freePort } from '../support/free-port.ts';
import { givenPeople } from '../support/people.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { ask, commandsOf, type Errand } from '../support/toy/errand-story.ts';
import { createErrandTables } from '../support/toy/errand-record.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import { scratchDirectory } from '../support/scratch.ts';

const day = 86_400_000;
const loopsOpen = proofSize(9, 51);
const awayMs = proofSize(4_000, 300_000);
const dueAfterMs = proofSize(2_000, 20_000);
const extraEventsMax = 60;
const settledWithinMs = 60_000;

let directory: string;
let port: number;
let postgres: EmbeddedPostgres;
let db: Database;
let connection: Connection;
let client: Client;
let worker: WorkerChild;
const taskQueue = `away-${randomUUID()}`;
const clock = { now: Date.now, moveTo: () => undefined };

const record = () => ({ database: { db, url: postgres.url, drop: () => db.destroy() } });

const comeUp = (): Promise<EmbeddedPostgres> =>
  startPostgres({
    directory: path.join(directory, 'postgres'),
    port,
    persistent: true,
    durable: false,
  });

beforeAll(async () => {
  directory = scratchDirectory('away');
  port = await freePort();
  postgres = await comeUp();
  await migrate(postgres.url);
  db = openDatabase({ url: postgres.url });
  await createErrandTables(db);
  await givenPeople(db, [
    { id: 'asker', zone: 'Etc/UTC' },
    { id: 'doer', zone: 'Etc/UTC', manager: 'asker' },
  ]);
  // Moments fall due in real time, on whatever day and hour this runs.
  const always = [[0, 1440]];
  const week = { mon: always, tue: always, wed: always, thu: always, fri: always };
  await db
    .updateTable('working_week')
    .set({ intervals: { ...week, sat: always, sun: always } })
    .execute();
  const address = inject('stack').temporalAddress;
  connection = await Connection.connect({ address });
  client = new Client({ connection });
  worker = await startWorkerProcess({
    address,
    databaseUrl: postgres.url,
    taskQueue,
    codePath: await bundleFile('test/support/toy/errand-workflow.ts'),
  });
});
afterAll(async () => {
  await worker.kill();
  await connection.close();
  await db.destroy();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a loop meets while Postgres is away, and what its record says once that has settled. */
interface Encounter {
  readonly allowanceMinutes: number;
  readonly meets: (errand: Errand) => Promise<unknown>;
  readonly recorded: readonly string[];
}

const manyDaysMinutes = 5 * 1_440;
const encounters = (dueMs: number): readonly Encounter[] => [
  {
    allowanceMinutes: manyDaysMinutes,
    meets: (errand) => errand.work(1),
    recorded: ['ask', 'work'],
  },
  {
    allowanceMinutes: manyDaysMinutes,
    meets: ({ workflowId }) => client.workflow.getHandle(workflowId).signal(calendarsChangedSignal),
    recorded: ['ask', 'replan'],
  },
  {
    allowanceMinutes: (2 * dueMs) / 60_000,
    meets: () => Promise.resolve(),
    recorded: ['ask', 'nudge', 'nudge', 'expire'],
  },
];

const asked = ({ allowanceMinutes }: Encounter): Promise<Errand> =>
  ask({ client, clock, taskQueue }, allowanceMinutes);

/** Moves what is planned for long, and nothing that is due today. */
async function changeCalendar(daysAhead: number): Promise<void> {
  const away = new Date(Date.now() + daysAhead * day).toISOString().slice(0, 10);
  await db
    .insertInto('absence')
    .values({ id: `leave-${daysAhead}`, person_id: 'doer', first_day: away, last_day: away })
    .execute();
  await db
    .updateTable('calendar_revision')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('person_id', '=', 'doer')
    .execute();
}

const hasSettled = async (errand: Errand, { recorded }: Encounter): Promise<boolean> =>
  (await commandsOf(record(), errand.id)).length === recorded.length;

async function eventsOf({ workflowId }: Errand): Promise<number> {
  const handle = client.workflow.getHandle(workflowId);
  // The record is ahead of history by the task that is being completed.
  await until('no task is in work', async () => {
    const { raw } = await handle.describe();
    return !raw.pendingWorkflowTask;
  });
  return (await handle.fetchHistory()).events?.length ?? 0;
}

async function settledWithin(errand: Errand, encounter: Encounter, ms: number): Promise<void> {
  await until(`${encounter.recorded.join()} is recorded`, () => hasSettled(errand, encounter), {
    withinMs: ms,
  });
}

/** Events of the same life with Postgres there, for each encounter. */
async function usualEvents(): Promise<readonly number[]> {
  const usual = encounters(300);
  const errands = await Promise.all(usual.map(asked));
  await changeCalendar(2);
  return Promise.all(
    usual.map(async (encounter, index) => {
      const errand = errands[index];
      if (!errand) return 0;
      await encounter.meets(errand);
      await settledWithin(errand, encounter, settledWithinMs);
      return eventsOf(errand);
    }),
  );
}

test(
  'loops that Postgres is away from settle soon after it is back, with short histories',
  { timeout: awayMs + 120_000 },
  async () => {
    const usual = await usualEvents();
    const kinds = encounters(dueAfterMs);
    const lives = await Promise.all(
      Array.from({ length: loopsOpen }, async (_, index) => {
        const kind = index % kinds.length;
        const encounter = kinds[kind] as Encounter;
        return { kind, encounter, errand: await asked(encounter) };
      }),
    );
    await changeCalendar(3);
    await postgres.stop();
    const met = lives.map(({ encounter, errand }) => encounter.meets(errand));
    await pause(awayMs); // the outage itself: loops wait on the server's clock, not on a story's
    postgres = await comeUp();
    const backAt = performance.now();
    await Promise.all(
      lives.map(({ errand, encounter }) => settledWithin(errand, encounter, settledWithinMs)),
    );
    await Promise.all(met);
    const settledAfterMs = performance.now() - backAt;
    const extra = await Promise.all(
      lives.map(async ({ errand, kind }) => (await eventsOf(errand)) - (usual[kind] ?? 0)),
    );
    reportProof(
      `${loopsOpen} loops ${awayMs / 1000} s without Postgres: at most ${Math.max(...extra)} more events each, settled in ${(settledAfterMs / 1000).toFixed(1)} s`,
      loopsOpen,
    );
    expect(settledAfterMs).toBeLessThanOrEqual(settledWithinMs);
    expect(Math.max(...extra)).toBeLessThanOrEqual(extraEventsMax);
    expect(Math.min(...extra)).toBeGreaterThan(0); // every loop did meet the outage
    for (const { errand, encounter } of lives) {
      expect(await commandsOf(record(), errand.id)).toEqual(encounter.recorded);
    }
    expect((await verifyAudit(db)).firstBreak).toBeNull();
  },
);
