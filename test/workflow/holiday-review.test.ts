import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOpenHolidayReviews } from '../../activities/holiday-review/open-reviews.ts';
import type { LoopId } from '../../domain/id.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import {
  asksAbout,
  dayAfter,
  director,
  givenHoliday,
  holidayWorld,
  lead,
  manager,
  region,
  reviewOf,
} from '../support/holiday-review-story.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await holidayWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.db.deleteFrom('holiday').execute();
  await world.advance(7 * day);
});

const holidays = async () => {
  const rows = await world.database.db
    .selectFrom('region_holiday')
    .select(['day', 'status'])
    .orderBy('day')
    .execute();
  return rows.map(({ day: on, status }) => `${on} ${status}`);
};

const commands = async (id: LoopId) => {
  const rows = await world.database.db
    .selectFrom('transition')
    .select(['command_type', 'at'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => row.command_type);
};

const inbox = async (of: string) =>
  world.database.db
    .selectFrom('task')
    .select(['kind', 'due_at'])
    .where('person_id', '=', of)
    .where('closed_sequence', 'is', null)
    .execute();

test('a confirmed day is confirmed in the table, and moves no deadline', async () => {
  const review = await asksAbout(world);
  expect(await inbox(manager)).toMatchObject([{ kind: 'holidayReview.review' }]);
  expect(await refusal(review.send({ type: 'confirm', actor: lead }))).toBe('holiday.not_reviewer');
  await review.send({ type: 'confirm', actor: manager });
  expect(await holidays()).toEqual([`${dayAfter(world, 21)} confirmed`]);
  expect(await inbox(manager)).toEqual([]);
  expect(await world.database.db.selectFrom('calendar_change').select('id').execute()).toEqual([]);
});

test('a day that falls on another is moved in the table, and who works there plans again', async () => {
  const review = await asksAbout(world);
  const movedTo = dayAfter(world, 22);
  await review.send({ type: 'correct', actor: manager, movedTo });
  expect(await holidays()).toEqual([`${movedTo} confirmed`]);
  const changes = await world.database.db.selectFrom('calendar_change').selectAll().execute();
  expect(changes).toMatchObject([{ reason: 'holiday' }]);
  expect(changes[0]?.people).toContain(lead);
});

test('a day that is another holiday already cannot be its place', async () => {
  const review = await asksAbout(world);
  await givenHoliday(world, dayAfter(world, 22));
  const correct = (movedTo: string) => review.send({ type: 'correct', actor: manager, movedTo });
  expect(await refusal(correct(dayAfter(world, 22)))).toBe('holiday.day_taken');
  expect(await refusal(correct(dayAfter(world, 21)))).toBe('holiday.same_day');
  await review.send({ type: 'settle' });
});

test('silence is reminded of in working time, climbs, and ends when the day begins', async () => {
  const review = await asksAbout(world);
  await world.advance(12 * day);
  const [asked, ...clock] = await commands(review.id);
  expect(asked).toBe('ask');
  expect(clock).toEqual(['remind', 'remind', 'escalate', 'remind', 'remind']);
  expect(await inbox(director)).toMatchObject([{ kind: 'holidayReview.review' }]);
  expect(await inbox(manager)).toHaveLength(1); // both may answer
  await world.advance(10 * day);
  expect((await commands(review.id)).slice(-2)).toEqual(['remind', 'lapse']);
  expect(await holidays()).toMatchObject([expect.stringContaining('provisional')]);
  expect(await inbox(director)).toEqual([]);
  const [told] = await world.database.db
    .selectFrom('notice')
    .select(['recipient_id', 'key'])
    .where('loop_id', '=', review.id)
    .where('key', '=', 'holidayReview.lapsed')
    .execute();
  expect(told?.recipient_id).toBe(manager);
});

test('the maintenance asks once about each provisional day of the next three weeks, and ends what is answered elsewhere', async () => {
  const { client, clock, taskQueue, database } = world;
  const open = createOpenHolidayReviews({
    db: database.db,
    client,
    clock,
    address: { taskQueue, workflows: loopWorkflows },
  });
  await givenHoliday(world, dayAfter(world, 5));
  await givenHoliday(world, dayAfter(world, 30));
  await database.db.updateTable('region').set({ manager_id: manager }).execute();
  expect(await open()).toEqual({ opened: 1, settled: 0 });
  expect(await open()).toEqual({ opened: 0, settled: 0 });
  const [row] = await database.db
    .selectFrom('holiday_review')
    .select(['id', 'status'])
    .where('day', '=', dayAfter(world, 5))
    .where('region_id', '=', region)
    .execute();
  expect(row?.status).toBe('asked');
  await database.db.updateTable('holiday').set({ status: 'confirmed' }).execute();
  expect(await open()).toEqual({ opened: 0, settled: 1 });
  const id = row?.id as LoopId;
  expect(await commands(id)).toEqual(['ask', 'settle']);
  await expect(reviewOf(world, id).send({ type: 'confirm', actor: manager })).rejects.toThrow();
});
