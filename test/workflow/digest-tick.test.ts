import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { scheduleDigests } from '../../bin/maintenance-schedule.ts';
import type { NoticeId } from '../../domain/id.ts';
import { givenMarkets, givenPractice } from '../support/markets.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';

/** A Monday. */
const startsAt = Date.parse('2027-03-01T06:00:00Z');
const planned: NoticeId[] = [];
let world: World;
beforeAll(async () => {
  world = await createWorld({
    loops: {},
    workflows: 'workflows/index.ts',
    startsAt,
    activities: (activities) => ({
      ...activities,
      collectDigests: () =>
        createCollectDigests({
          db: world.database.db,
          clock: world.clock,
          startDeliveries: (ids) => void planned.push(...ids),
        })(),
    }),
  });
  await givenMarkets(world.database.db, [
    { id: 'anna', market: 'dach' },
    { id: 'ana', market: 'brazil' },
  ]);
  await scheduleDigests(world.client, world.taskQueue);
});
afterAll(async () => {
  await schedule().delete();
  await world.stop();
});

const schedule = () => world.client.schedule.getHandle(`digests:${world.taskQueue}`);

/** One more run of it, now: its history. */
async function tick() {
  const before = (await schedule().describe()).info.recentActions.length;
  await schedule().trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  await until('the schedule has started its workflow', async () => {
    return (await schedule().describe()).info.recentActions.length > before;
  });
  const { info } = await schedule().describe();
  const { workflow } = info.recentActions.at(-1)!.action;
  const handle = world.client.workflow.getHandle(workflow.workflowId, workflow.firstExecutionRunId);
  await handle.result();
  return (await handle.fetchHistory()).events ?? [];
}

test('a tick with nobody due costs Temporal its start and one activity, and nothing else', async () => {
  await tick();
  const events = await tick();
  // What Temporal counts as actions: the schedule's, the workflow it starts, and each activity.
  const activities = events.filter((event) => event.activityTaskScheduledEventAttributes);
  const timers = events.filter((event) => event.timerStartedEventAttributes);
  expect([activities.length, timers.length]).toEqual([1, 0]);
  expect(1 + 1 + activities.length).toBeLessThanOrEqual(3);
  expect(events.length).toBeLessThanOrEqual(11);
});

test('the schedule collects who is due, once, and catches up with no more than one run', async () => {
  const { db } = world.database;
  await givenPractice(db, { author: 'ana', publishedAt: startsAt, countries: ['DE'] });
  await world.advanceTo(Date.parse('2027-03-04T08:03:00Z'));
  await tick();
  await tick();
  const digests = await db.selectFrom('digest').select(['person_id', 'status']).execute();
  expect(digests).toEqual([{ person_id: 'anna', status: 'composed' }]);
  expect(planned).toHaveLength(1);
  const { policies, spec } = await schedule().describe();
  const every = spec.intervals?.[0]?.every;
  expect([policies.catchupWindow, policies.overlap]).toEqual([every, 'SKIP']);
});
