/** Changes of working time and steps at the same moment, in either order and in none. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTellLoopsOfChange } from '../../activities/calendar-changes.ts';
import { createRecord } from '../../activities/record.ts';
import { findCalendarChange, recordCalendarChange } from '../../db/calendar-changes.ts';
import type { Database } from '../../db/client.ts';
import type { LoopId } from '../../domain/id.ts';
import { calendarChangeAddress } from '../../workflows/addresses.ts';
import { commitGate, type CommitGate } from '../support/commit-gate.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { errandDefinition } from '../support/toy/errand-definition.ts';
import { ask, errandWorld, transitions, type Errand } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const dayMinutes = 480;
const allowanceDays = 100;
const changes = proofSize(8, 60);
const worksBetween = 3;

let world: World;
let steps: CommitGate;
let leaves: CommitGate;
/** Leave was taken on so many of the first working days, one at each change. */
let leaveDays = 0;
beforeAll(async () => {
  let record: ReturnType<typeof createRecord>;
  world = await errandWorld({
    activities: (activities) => ({
      ...activities,
      recordTransition: (proposal: Parameters<typeof record>[0]) => record(proposal),
    }),
  });
  await sql`UPDATE purse SET balance = 1000000`.execute(world.database.db);
  steps = commitGate(world.database.url);
  leaves = commitGate(world.database.url);
  record = createRecord({
    db: steps.db,
    clock: world.clock,
    loops: { errand: errandDefinition() },
    startDeliveries: () => undefined,
  });
});
afterAll(async () => {
  await Promise.all([steps.db.destroy(), leaves.db.destroy()]);
  await world.stop();
});

/** The first day of the story is a Monday; the doer works on weekdays from nine to five. */
const workday = (index: number): number =>
  Math.floor(world.clock.now() / day) * day + (Math.floor(index / 5) * 7 + (index % 5)) * day;

/** The doer is away on one more of their next working days. */
const takesLeave = (db: Database): Promise<string> =>
  db.transaction().execute(async (tx) => {
    const on = new Date(workday(leaveDays++)).toISOString().slice(0, 10);
    await tx
      .insertInto('absence')
      .values({ id: `leave-${on}`, person_id: 'doer', first_day: on, last_day: on })
      .execute();
    const change = { reason: 'absence', people: ['doer'], at: world.clock.now() } as const;
    return (await recordCalendarChange(tx, change)) ?? '';
  });

const tell = (change: string): Promise<number> =>
  createTellLoopsOfChange({
    db: world.database.db,
    client: world.client,
    clock: world.clock,
    address: {
      taskQueue: world.taskQueue,
      workflows: { errand: { type: 'errand', workflowId: (id: LoopId) => `errand:${id}` } },
      calendarChange: calendarChangeAddress,
    },
  })(change);

const somebodyWaits = (): Promise<void> =>
  until('a transaction waits for another', async () => {
    const { rows } = await sql`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(world.database.db);
    return rows.length > 0;
  });

/** By the revision that each step says it planned with: whether its moments are those of it. */
async function plansOf({ id }: Errand) {
  return (await transitions(world, id)).map(({ command_type, computed_with, moments }) => {
    const { calendarRevisions } = computed_with as { calendarRevisions: { doer: number } };
    const at = (moments as { id: string; at: number }[]).find(
      (moment) => moment.id === 'expire',
    )?.at;
    return { step: command_type, revision: calendarRevisions.doer, expiresAt: at };
  });
}

/** Every day of leave comes before the deadline, and moves it by a working day. */
const planWith = (step: string, revision: number) => ({
  step,
  revision,
  expiresAt: workday(allowanceDays - 1 + revision - 1) + 17 * hour,
});

const asked = (): Promise<Errand> => ask(world, allowanceDays * dayMinutes);

test('a step waits for a change that is about to commit, and is planned with it', async () => {
  const errand = await asked();
  const revision = leaveDays + 1;
  const held = leaves.holdNext();
  const leave = takesLeave(leaves.db);
  await held.reached;
  const worked = errand.work(1);
  await somebodyWaits();
  held.commit();
  const [change] = await Promise.all([leave, worked]);
  const plans = [planWith('ask', revision), planWith('work', revision + 1)];
  expect(await plansOf(errand)).toEqual(plans);
  expect(await findCalendarChange(world.database.db, change)).toMatchObject({
    touched: 1,
    planned: 1,
    moved: 1,
  });
  await tell(change);
  await errand.finish();
  // Told of it after all, the loop had nothing to plan again.
  expect((await plansOf(errand)).map(({ step }) => step)).toEqual(['ask', 'work', 'finish']);
});

test.for(['ask', 'work'] as const)(
  'a change waits for a step, %s, that is about to commit, and has its loop planned again',
  async (step) => {
    const revision = leaveDays + 1;
    const before = step === 'work' ? await asked() : null;
    const held = steps.holdNext();
    const stepped = before ? before.work(1).then(() => before) : asked();
    await held.reached;
    const leave = takesLeave(leaves.db);
    await somebodyWaits();
    held.commit();
    const [errand, change] = await Promise.all([stepped, leave]);
    const [planned] = (await plansOf(errand)).slice(-1);
    expect(planned).toEqual(planWith(step, revision));
    expect(await findCalendarChange(world.database.db, change)).toMatchObject({
      touched: 1,
      planned: 0,
    });
    await tell(change);
    await until('planned again', async () => (await plansOf(errand)).at(-1)?.step === 'replan');
    expect((await plansOf(errand)).at(-1)).toEqual(planWith('replan', revision + 1));
    expect((await world.status(errand.workflowId)).nextMoment?.at).toBe(
      workday(allowanceDays / 2 - 1 + revision) + 17 * hour,
    );
    await errand.finish();
  },
);

test('whatever the order of many steps and changes, each plan is that of the calendar it names', async () => {
  const errands = await Promise.all([asked(), asked(), asked()]);
  await Promise.all([
    ...errands.map(async (errand) => {
      for (let n = 0; n < changes * worksBetween; n++) await errand.work(1);
    }),
    (async () => {
      for (let n = 0; n < changes; n++) await tell(await takesLeave(leaves.db));
    })(),
  ]);
  const revision = leaveDays + 1;
  for (const errand of errands) {
    await until('planned with the last change', async () =>
      (await plansOf(errand)).some((plan) => plan.revision === revision),
    );
    const plans = await plansOf(errand);
    expect(plans).toEqual(plans.map((plan) => planWith(plan.step, plan.revision)));
    expect(plans.map((plan) => plan.revision)).toEqual(
      plans.map((plan) => plan.revision).toSorted((a, b) => a - b),
    );
  }
  reportProof('changes of working time under steps of three loops', changes);
});
