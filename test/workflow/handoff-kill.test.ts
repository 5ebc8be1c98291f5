import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { verifyAudit } from '../../db/audit.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { givenAccount } from '../support/handoff-organisation.ts';
import { berlin, handoffWorld, offers, tokyo, type Handoff } from '../support/handoff-story.ts';
import { transitions } from '../support/toy/errand-story.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import type { World } from '../support/world.ts';

let world: World;
let codePath: string;
beforeAll(async () => {
  // Real time: the story begins now, and killed workers are waited for.
  world = await handoffWorld({ hasWorker: false, startsAt: Date.now() });
  codePath = await bundleFile('workflows/index.ts');
});
afterAll(() => world.stop());

const worker = (taskQueue: string, dieAfter?: string): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue,
    codePath,
    ...(dieAfter !== undefined && { dieAfter }),
  });

const steps: readonly ((handoff: Handoff) => Promise<unknown>)[] = [
  (handoff) => handoff.asks(tokyo.lead),
  (handoff) => handoff.answers(berlin.lead),
  (handoff) => handoff.readsBack(tokyo.lead),
  (handoff) => handoff.confirms(berlin.lead),
];

/** A whole handoff of an account and with workers of its own, the first worker killed after one step. */
async function finished(killedAfter?: string): Promise<{ id: LoopId; account: AccountId }> {
  const account = `account-${randomUUID()}` as AccountId;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.database.db, { id: account, owner: berlin.lead, since });
  const taskQueue = `of-${account}`;
  const first = await worker(taskQueue, killedAfter);
  const next = killedAfter === undefined ? first : first.died.then(() => worker(taskQueue));
  const handoff = await offers({ ...world, taskQueue }, { account });
  for (const step of steps) await step(handoff);
  await (await next).kill();
  return { id: handoff.id, account };
}

async function endOf({ id, account }: { id: LoopId; account: AccountId }) {
  const { db } = world.database;
  const notices = await db
    .selectFrom('notice')
    .select(['sequence', 'key', 'recipient_id', 'status'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .orderBy('key')
    .orderBy('recipient_id')
    .execute();
  const custody = await db
    .selectFrom('custody')
    .select('owner_id')
    .where('account_id', '=', account)
    .orderBy('period')
    .execute();
  const row = await db
    .selectFrom('handoff')
    .select(['status', 'holder_id'])
    .where('id', '=', id)
    .execute();
  return {
    commands: (await transitions(world, id)).map((step) => step.command_type),
    notices,
    custody: custody.map(({ owner_id }) => owner_id),
    row,
  };
}

type End = Awaited<ReturnType<typeof endOf>>;
const killedAfter = ['offer', 'ask', 'answer', 'readBack', 'confirm'] as const;
const ends = new Map<string, End>();
let whole: End;

/** All at once: each mostly waits for Temporal to give up on the worker that died. */
beforeAll(async () => {
  whole = await endOf(await finished());
  await Promise.all(
    killedAfter.map(async (step) => {
      ends.set(step, await endOf(await finished(step)));
    }),
  );
}, 120_000);

test.for(killedAfter)(
  'a worker killed after the commit of %s, before Temporal hears of it: the same end, owners and messages',
  (step) => {
    expect(ends.get(step)).toEqual(whole);
  },
);

test('and that end is the right one, in a chain that is whole', async () => {
  expect(whole).toMatchObject({
    commands: ['offer', 'ask', 'answer', 'readBack', 'confirm'],
    custody: [berlin.lead, tokyo.lead],
    row: [{ status: 'transferred', holder_id: null }],
  });
  expect((await verifyAudit(world.database.db)).firstBreak).toBeNull();
});
