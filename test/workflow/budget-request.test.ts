import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/budget-verify.ts';
import { purpose, who } from '../support/budget-organisation.ts';
import { type Budget, budgetWorld, submits } from '../support/budget-story.ts';
import { inbox } from '../support/handoff-story.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await budgetWorld();
});
afterAll(() => world.stop());

const lineOf = async () => {
  const year = new Date(world.clock.now()).getUTCFullYear();
  const { reserved, committed } = await world.database.db
    .selectFrom('budget_line')
    .select(['reserved', 'committed'])
    .where('fiscal_year', '=', year)
    .where('purpose', '=', purpose)
    .executeTakeFirstOrThrow();
  return { reserved, committed };
};

const statusOf = async ({ id }: Budget) =>
  (
    await world.database.db
      .selectFrom('budget_request')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

/** Of a history: those that wait for reminders, and all others. */
const events = async ({ workflowId }: Budget) => {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const all = history.events ?? [];
  const timers = all.filter((event) =>
    Boolean(event.timerStartedEventAttributes ?? event.timerCanceledEventAttributes),
  ).length;
  return { timers, others: all.length - timers };
};

test('money is kept at submission, decided by whoever manages the requester, and spent once', async () => {
  const request = await submits(world);
  expect(await lineOf()).toEqual({ reserved: 480_000n, committed: 0n });
  expect(await inbox(world, who.lead)).toEqual(['budgetRequest.decide']);
  await request.approves(who.lead);
  expect(await inbox(world, who.lead)).toEqual([]);
  expect(await inbox(world, who.requester)).toEqual(['budgetRequest.close_out']);
  await request.closes('479000');
  expect(await lineOf()).toEqual({ reserved: 0n, committed: 479_000n });
  expect(await statusOf(request)).toBe('completed');
  expect((await verifyLedger(world.database.db)).differences).toEqual([]);
  // Beyond the timer of the next reminder, started and cancelled with each step.
  expect(await events(request)).toEqual({ timers: 4, others: 20 });
});
