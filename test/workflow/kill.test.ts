/** Errands in real time, each at another step when their worker is killed after its commit. */
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { verifyAudit } from '../../db/audit.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
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

const commands = ['ask', 'work', 'hold', 'resume', 'finish'] as const;
const receipts: Record<string, readonly Receipt[]> = {};
const errands: Record<string, LoopId> = {};
/** What two people were answered: one whose step was recorded, and one who then took the next. */
const overtaken: Record<string, readonly Receipt[]> = {};
let world: World;
let codePath: string;
beforeAll(async () => {
  // Real time: the story begins now, and killed workers are waited for.
  world = await errandWorld({ hasWorker: false, startsAt: Date.now() });
  codePath = await bundleFile('test/support/toy/errand-workflow.ts');
  await killAfterEachStep();
}, 120_000);
afterAll(() => world.stop());

const worker = (): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue: world.taskQueue,
    codePath,
  });

const acts: readonly ((errand: Errand) => Promise<Receipt>)[] = [
  async ({ id }) => {
    await ask(world, 480, { id });
    return { id, sequence: 1 };
  },
  (errand) => errand.work(1, 'work-1'),
  (errand) => errand.hold(),
  (errand) => errand.resume(),
  (errand) => errand.finish(undefined, 'finish-1'),
];

/** Takes an errand from one step to before another; what each answered. */
async function goesOn(errand: Errand, from: number, to = acts.length): Promise<Receipt[]> {
  const answers: Receipt[] = [];
  for (const act of acts.slice(from, to)) answers.push(await act(errand));
  return answers;
}

async function killAfterEachStep(): Promise<void> {
  const first = await worker();
  const errandKilled = (command: (typeof commands)[number], index: number) => {
    const errand = errandOf(world, randomUUID() as LoopId);
    return { command, index, errand };
  };
  const killed = commands.map(errandKilled);
  const passed = commands.slice(0, -1).map(errandKilled);
  const all = [...killed, ...passed];
  const before = await Promise.all(all.map(({ errand, index }) => goesOn(errand, 0, index)));
  await first.hangAfter(Object.fromEntries(all.map(({ errand, command }) => [errand.id, command])));
  const late = killed.map(({ errand, index }) => goesOn(errand, index));
  const slow = passed.map(({ errand, index }) => goesOn(errand, index, index + 1));
  await Promise.all(
    all.map(({ command, errand, index }) =>
      until(`${command} is recorded`, async () => {
        return (await commandsOf(world, errand.id)).length > index;
      }),
    ),
  );
  const { client, database, taskQueue } = world;
  const gateway = createLoopGateway({ client, db: database.db, taskQueue });
  const quick = passed.map(({ errand, index }) =>
    goesOn(errandOf(world, errand.id, gateway), index + 1, index + 2),
  );
  const both = passed.map((_, nth) => Promise.all([slow[nth], quick[nth]]));
  await first.kill();
  const next = await worker();
  for (const { command, errand, index } of killed) {
    errands[command] = errand.id;
    receipts[command] = [...(before[index] ?? []), ...((await late[index]) ?? [])];
  }
  for (const { command, errand, index } of passed) {
    const [[one], [two]] = (await both[index]) as [Receipt[], Receipt[]];
    const rest = await goesOn(errand, index + 2);
    overtaken[command] = [one, two, ...rest].filter((receipt) => receipt !== undefined);
  }
  await next.kill();
}

test.for(commands)(
  'a worker killed after the commit of %s and before the marker: the same answers, rows and end',
  async (command) => {
    const id = errands[command] as LoopId;
    expect(receipts[command]).toEqual(commands.map((_, index) => ({ id, sequence: index + 1 })));
    expect(await commandsOf(world, id)).toEqual(commands);
    const { db } = world.database;
    const [loop] = await db
      .selectFrom('loop_instance')
      .select('closed_at')
      .where('id', '=', id)
      .execute();
    expect(loop?.closed_at).not.toBeNull();
  },
);

test.for(commands.slice(0, -1))(
  'whoever takes the next step before a new worker has heard of %s is not refused',
  (command) => {
    const after = commands.indexOf(command) + 1;
    const sequences = overtaken[command]?.map(({ sequence }) => sequence);
    expect(sequences).toEqual(commands.slice(after - 1).map((_, index) => after + index));
  },
);

test('money moved by a step whose worker died has moved once, in chains that are whole', async () => {
  const { db } = world.database;
  const { rows } = await sql<{ balance: number; postings: number }>`
    SELECT balance, (SELECT count(*)::int FROM purse_posting) AS postings FROM purse`.execute(db);
  const moved = 2 * commands.length - 1;
  expect(rows[0]).toEqual({ balance: 100 - moved, postings: moved });
  expect((await verifyAudit(db)).firstBreak).toBeNull();
});
