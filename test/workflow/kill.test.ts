import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { verifyAudit } from '../../db/audit.ts';
import type { LoopId } from '../../domain/id.ts';
import {
  ask,
  commandsOf,
  errandOf,
  errandWorld,
  type Errand,
} from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import type { World } from '../support/world.ts';

let world: World;
let codePath: string;
beforeAll(async () => {
  // Real time: the story begins now, and killed workers are waited for.
  world = await errandWorld({ hasWorker: false, startsAt: Date.now() });
  codePath = await bundleFile('test/support/toy/errand-workflow.ts');
});
afterAll(() => world.stop());

const worker = (dieAfter?: string): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue: world.taskQueue,
    codePath,
    ...(dieAfter !== undefined && { dieAfter }),
  });

const steps: readonly { readonly type: string; act(errand: Errand): Promise<unknown> }[] = [
  { type: 'work', act: (errand) => errand.work(1, 'work-1') },
  { type: 'hold', act: (errand) => errand.hold() },
  { type: 'resume', act: (errand) => errand.resume() },
  { type: 'finish', act: (errand) => errand.finish(undefined, 'finish-1') },
];

async function finishOnceKilledAfter(type: string): Promise<LoopId> {
  const id = randomUUID() as LoopId;
  const first = await worker(type);
  const next = first.died.then(() => worker());
  await ask(world, 480, { id });
  const errand = errandOf(world, id);
  for (const step of steps) await step.act(errand);
  await (await next).kill();
  return id;
}

test.for(['ask', 'work', 'hold', 'resume', 'finish'] as const)(
  'a worker killed after the commit of %s and before the marker: the same answers, rows and end',
  { timeout: 60_000 },
  async (type) => {
    const id = await finishOnceKilledAfter(type);
    expect(await commandsOf(world, id)).toEqual(['ask', 'work', 'hold', 'resume', 'finish']);
    const { db } = world.database;
    const loops = await db
      .selectFrom('loop_instance')
      .select('closed_at')
      .where('id', '=', id)
      .execute();
    expect(loops[0]?.closed_at).not.toBeNull();
    expect((await verifyAudit(db)).firstBreak).toBeNull();
  },
);

test('money moved by a step whose worker died has moved once', async () => {
  const { rows } = await sql<{ balance: number; postings: number }>`
    SELECT balance, (SELECT count(*)::int FROM purse_posting) AS postings FROM purse`.execute(
    world.database.db,
  );
  expect(rows[0]).toEqual({ balance: 100 - 5, postings: 5 });
  await until('nothing is open', async () => {
    const open = await world.database.db
      .selectFrom('loop_instance')
      .select('id')
      .where('closed_at', 'is', null)
      .execute();
    return open.length === 0;
  });
});
