import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRestartLoop } from '../../activities/loop-starter.ts';
import { createReconcile } from '../../activities/reconcile.ts';
import { createRecord } from '../../activities/record.ts';
import type { LoopId } from '../../domain/id.ts';
import type { HoldEvent } from '../../domain/loop.ts';
import { errandDefinition } from '../support/toy/errand-definition.ts';
import { ask, asker, commandsOf, errandOf, errandWorld } from '../support/toy/errand-story.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await errandWorld();
});
afterAll(() => world.stop());

const parts = () => ({
  db: world.database.db,
  client: world.client,
  clock: world.clock,
  address: {
    taskQueue: world.taskQueue,
    workflows: { errand: { type: 'errand', workflowId: (id: LoopId) => `errand:${id}` } },
  },
});

test('a loop restarted from the record goes on where it stood, and a known command stays known', async () => {
  const errand = await ask(world);
  const worked = await errand.work(1, 'work-once');
  expect(await createRestartLoop(parts())(errand.id)).toBe('restarted');
  const again = errandOf(world, errand.id);
  expect(await again.work(1, 'work-once')).toEqual(worked);
  await again.finish();
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'work', 'finish']);
  expect(await createRestartLoop(parts())(errand.id)).toBe('closed');
});

test('an open loop whose run is gone is found and started again', async () => {
  const errand = await ask(world);
  await world.client.workflow.getHandle(errand.workflowId).terminate('lost');
  await sql`UPDATE loop_instance SET next_moment_at = ${world.clock.now() - 120_000}::timestamptz
    WHERE id = ${errand.id}`.execute(world.database.db);
  const report = await createReconcile(parts())();
  expect(report.restarted).toContain(errand.id);
  await errandOf(world, errand.id).finish();
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'finish']);
});

test("another command's transition is found, applied, and the own decided again after it", async () => {
  const { db } = world.database;
  const errand = await ask(world);
  const record = createRecord({
    db,
    clock: world.clock,
    loops: { errand: errandDefinition() },
    startDeliveries: () => undefined,
  });
  const held: HoldEvent = { type: 'held', by: asker };
  await record({
    loop: 'errand',
    id: errand.id,
    commandId: 'behind-its-back',
    sequence: 1,
    at: world.clock.now(),
    command: { type: 'hold', actor: asker },
    events: [held],
  });
  await expect(errand.finish()).rejects.toMatchObject({ cause: { type: 'loop.held' } });
  await errand.resume();
  await errand.finish();
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'hold', 'resume', 'finish']);
});

test('a workflow ahead of its record fails loudly', async () => {
  const errand = await ask(world);
  const record = createRecord({
    db: world.database.db,
    clock: world.clock,
    loops: { errand: errandDefinition() },
    startDeliveries: () => undefined,
  });
  const ahead = {
    loop: 'errand',
    id: errand.id,
    commandId: 'x',
    sequence: 9,
    at: 1,
    command: null,
    events: [],
  };
  await expect(record(ahead)).rejects.toThrow('the workflow is at 9, the record at 1');
});
