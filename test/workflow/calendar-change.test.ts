import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTellLoopsOfChange } from '../../activities/calendar-changes.ts';
import { findCalendarChange, recordCalendarChange } from '../../db/calendar-changes.ts';
import { calendarChangeAddress, loopWorkflows } from '../../workflows/addresses.ts';
import type { PersonId } from '../../domain/id.ts';
import { handoffWorld, offers, tokyo, type Handoff } from '../support/handoff-story.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  const told = (change: string): Promise<number> => createTellLoopsOfChange(partsOf(world))(change);
  world = await handoffWorld({
    activities: (activities) => ({ ...activities, tellLoopsOfChange: told }),
  });
});
afterAll(() => world.stop());

const partsOf = ({ database, client, clock, taskQueue }: World) => ({
  db: database.db,
  client,
  clock,
  address: { taskQueue, workflows: loopWorkflows, calendarChange: calendarChangeAddress },
});

/** Two days of leave from today on. */
const leave = (who: PersonId): Promise<string | null> =>
  world.database.db.transaction().execute(async (tx) => {
    const [first = '', last = ''] = [0, 1].map((days) =>
      new Date(world.clock.now() + days * 86_400_000).toISOString().slice(0, 10),
    );
    await tx
      .insertInto('absence')
      .values({ id: 'leave', person_id: who, first_day: first, last_day: last })
      .execute();
    return recordCalendarChange(tx, { reason: 'absence', people: [who], at: world.clock.now() });
  });

async function tell(change: string): Promise<void> {
  await world.client.workflow.execute(calendarChangeAddress.type, {
    workflowId: calendarChangeAddress.workflowId(change),
    taskQueue: world.taskQueue,
    args: [change],
  });
}

const nextMoment = async ({ workflowId }: Handoff): Promise<number> =>
  (await world.status(workflowId)).nextMoment?.at ?? 0;

test('a change of working time reaches every loop it touches, also one whose workflow is gone', async () => {
  const { db } = world.database;
  const handoff = await offers(world);
  const before = await nextMoment(handoff);
  await world.client.workflow.getHandle(handoff.workflowId).terminate('a lost run');
  const change = (await leave(tokyo.lead)) ?? '';
  await tell(change);
  await until('the loop has planned again', async () => {
    const found = await findCalendarChange(db, change);
    return found?.planned === 1 && found.announcedAt !== null;
  });
  expect(await nextMoment(handoff)).toBeGreaterThan(before);
  expect(await findCalendarChange(db, change)).toMatchObject({ touched: 1, planned: 1, moved: 1 });
});
