import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../db/audit.ts';
import { calendarsChangedSignal } from '../../workflows/messages.ts';
import { ask, asker, commandsOf, errandWorld, transitions } from '../support/toy/errand-story.ts';
import { refusal } from '../support/refusal.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
let world: World;
beforeAll(async () => {
  world = await errandWorld();
});
afterAll(() => world.stop());
/** Every story begins on a working morning of the one who does the errand. */
beforeEach(async () => {
  const today = Math.floor(world.clock.now() / day) * day;
  const weekday = (today / day + 3) % 7;
  const days = world.clock.now() <= today + 9 * hour ? 0 : weekday < 4 ? 1 : 7 - weekday;
  await world.advanceTo(today + days * day + 9 * hour);
});

test('moments fire in order of instant and rank, each once, and the loop ends', async () => {
  const errand = await ask(world, 480);
  await world.advance(8 * hour);
  const rows = await transitions(world, errand.id);
  expect(rows.map((row) => row.command_id)).toEqual(['open', 'nudge/0', 'nudge/1', 'expire']);
  const startedAt = rows[0]?.at ?? 0;
  expect(rows.map((row) => Math.round((row.at - startedAt) / 60_000))).toEqual([0, 240, 240, 480]);
});

test('a finished loop refuses what comes after, and answers a known command as before', async () => {
  const errand = await ask(world);
  const receipt = await errand.finish(undefined, 'finish-1');
  expect(receipt).toEqual({ id: errand.id, sequence: 2 });
  expect(await errand.finish(undefined, 'finish-1')).toEqual(receipt);
  await expect(errand.finish()).rejects.toThrow('already completed');
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'finish']);
});

test('a refusal of the rules reaches the caller by its code, and nothing is recorded', async () => {
  const errand = await ask(world);
  expect(await refusal(errand.finish(asker))).toBe('authority.forbidden');
  expect(await commandsOf(world, errand.id)).toEqual(['ask']);
});

test('a refusal of the record reaches the caller by its code, and nothing is recorded', async () => {
  const errand = await ask(world);
  expect(await refusal(errand.work(1_000))).toBe('authority.forbidden');
  expect(await commandsOf(world, errand.id)).toEqual(['ask']);
});

test('a refused opening leaves no trace and the workflow ends', async () => {
  await sql`INSERT INTO blocked VALUES ('ask')`.execute(world.database.db);
  const before = await world.database.db.selectFrom('loop_instance').select('id').execute();
  expect(await refusal(ask(world))).toBe('loop.not_open');
  await sql`DELETE FROM blocked`.execute(world.database.db);
  expect(await world.database.db.selectFrom('loop_instance').select('id').execute()).toEqual(
    before,
  );
});

test('the time on hold counts for nobody', async () => {
  const errand = await ask(world, 480);
  await world.advance(hour);
  await errand.hold();
  expect(await refusal(errand.work(1))).toBe('loop.held');
  await world.advance(7 * day);
  await errand.resume();
  await world.advance(day);
  const rows = await transitions(world, errand.id);
  expect(rows.map((row) => row.command_type)).toEqual([
    'ask',
    'hold',
    'resume',
    'nudge',
    'nudge',
    'expire',
  ]);
  const [, , resumed, nudged] = rows;
  // An hour was worked before the hold: three of the four to the nudge remain.
  expect(Math.round(((nudged?.at ?? 0) - (resumed?.at ?? 0)) / 60_000)).toBe(180);
});

test('a clock command that the record refuses is retried, and the second time an operator is asked', async () => {
  const { db } = world.database;
  const errand = await ask(world, 480);
  await sql`INSERT INTO blocked VALUES ('nudge')`.execute(db);
  await world.advance(4 * hour + 10_000);
  const tasks = () =>
    db
      .selectFrom('operator_task')
      .selectAll()
      .where('loop_id', '=', errand.id)
      .orderBy('moment_id')
      .execute();
  expect(await tasks()).toEqual([]);
  await world.advance(2 * 60_000);
  expect(await tasks()).toMatchObject([
    { moment_id: 'nudge/0', problem: 'loop.not_open', closed_at: null },
    { moment_id: 'nudge/1', problem: 'loop.not_open', closed_at: null },
  ]);
  await sql`DELETE FROM blocked`.execute(db);
  await world.advance(hour);
  expect((await tasks()).filter((task) => task.closed_at === null)).toEqual([]);
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'nudge', 'nudge']);
  await errand.finish();
});

test('a changed calendar moves what is due, and a plan that stays the same writes nothing', async () => {
  const { db } = world.database;
  const errand = await ask(world, 480);
  const handle = world.client.workflow.getHandle(errand.workflowId);
  const before = (await world.status(errand.workflowId)).nextMoment?.at ?? 0;
  await handle.signal(calendarsChangedSignal);
  await world.status(errand.workflowId);
  expect(await commandsOf(world, errand.id)).toEqual(['ask']);
  const today = new Date(world.clock.now()).toISOString().slice(0, 10);
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('absence')
      .values({ id: 'leave', person_id: 'doer', first_day: today, last_day: today })
      .execute();
    await tx
      .updateTable('calendar_revision')
      .set({ revision: 2 })
      .where('person_id', '=', 'doer')
      .execute();
  });
  await handle.signal(calendarsChangedSignal);
  await until(
    'the plan has moved',
    async () => (await world.status(errand.workflowId)).sequence === 2,
  );
  const after = (await world.status(errand.workflowId)).nextMoment?.at ?? 0;
  expect(after - before).toBeGreaterThanOrEqual(8 * hour);
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'replan']);
  const moved = await db
    .selectFrom('notice')
    .select('key')
    .where('loop_id', '=', errand.id)
    .execute();
  expect(moved).toEqual([{ key: 'errand.deadline_moved' }]);
  await errand.finish();
});

test('two loops that know nothing of each other share one story', async () => {
  const first = await ask(world, 240);
  await world.advance(day);
  const second = await ask(world, 480);
  await world.advance(3 * day);
  expect(await commandsOf(world, first.id)).toEqual(['ask', 'nudge', 'nudge', 'expire']);
  expect(await commandsOf(world, second.id)).toEqual(['ask', 'nudge', 'nudge', 'expire']);
  const ends = await Promise.all(
    [first, second].map(async ({ id }) => (await transitions(world, id)).at(-1)?.at ?? 0),
  );
  expect(ends[0]).toBeLessThan(ends[1] ?? 0);
});

test('the chain of all of it is whole, and a changed row is named', async () => {
  const { db } = world.database;
  const report = await verifyAudit(db);
  expect(report.firstBreak).toBeNull();
  const [row] = await db
    .selectFrom('transition')
    .select(['loop_id', 'sequence'])
    .where('sequence', '=', 1)
    .limit(1)
    .execute();
  await db
    .updateTable('transition')
    .set({ at: 1_000 })
    .where('loop_id', '=', row?.loop_id ?? '')
    .where('sequence', '=', 1)
    .execute();
  expect((await verifyAudit(db)).firstBreak).toEqual({
    loopId: row?.loop_id,
    sequence: 1,
    what: 'hash',
  });
});
