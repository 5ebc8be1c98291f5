import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import {
  createStartDeliveries,
  createSweepNotices,
  type DeliveryParts,
} from '../../activities/start-delivery.ts';
import { markStarted } from '../../db/notices.ts';
import type { NoticeId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice, noticeRow } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

/** Temporal's own clock is the real one; nothing here waits for it. */
const now = Date.now();
const minute = 60_000;
const hour = 60 * minute;

let database: TestDatabase;
let connection: Connection;
let parts: DeliveryParts;
beforeAll(async () => {
  database = await testDatabase();
  await givenHandoffPeople(database.db, now);
  connection = await Connection.connect({ address: inject('stack').temporalAddress });
});
beforeEach(async () => {
  await database.db.deleteFrom('notice').execute();
  parts = {
    db: database.db,
    client: new Client({ connection }),
    taskQueue: `nobody-${randomUUID()}`,
    clock: storyClock(now),
    horizonMs: 24 * hour,
  };
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

async function given(sendAt: number, values: object = {}): Promise<NoticeId> {
  const { db } = database;
  const notice = { to: tokyo.lead, key: 'handoff.passed_on', params: {}, sendAt };
  const id = await givenNotice(db, await givenLoop(db), notice);
  if (Object.keys(values).length > 0) {
    await db.updateTable('notice').set(values).where('id', '=', id).execute();
  }
  return id;
}

const startedRevision = async (id: NoticeId) => (await noticeRow(database.db, id)).started_revision;

/** Whether Temporal holds the delivery of this revision. */
async function isWaiting(id: NoticeId, revision = 1): Promise<boolean> {
  try {
    await parts.client.activity.getHandle(`${id}:${revision}`).describe();
    return true;
  } catch {
    return false;
  }
}

const sweep = () => createSweepNotices(parts)();

test('a message of tomorrow waits in Temporal under its id, one of next week in the table', async () => {
  const [near, far] = [await given(now + 23 * hour), await given(now + 25 * hour)];
  expect(await sweep()).toEqual({ started: 1 });
  expect([await isWaiting(near), await startedRevision(near)]).toEqual([true, 1]);
  expect([await isWaiting(far), await startedRevision(far)]).toEqual([false, null]);
});

test('a message is started once, whoever starts it how often', async () => {
  const id = await given(now + hour);
  const start = createStartDeliveries(parts);
  const notice = { id, revision: 1, sendAt: now + hour };
  await Promise.all([start([notice]), start([notice]), sweep()]);
  expect(await isWaiting(id)).toBe(true);
  expect(await sweep()).toEqual({ started: 0 });
});

test('a sweep finds the newer revision, the overdue and what its sender left behind', async () => {
  const found = await Promise.all([
    given(now + hour, { revision: 2, started_revision: 1 }),
    given(now - 10 * minute, { started_revision: 1 }),
    given(now - minute, { started_revision: 1, status: 'sending', lease_until: now }),
  ]);
  const others = await Promise.all([
    given(now - 9 * minute, { started_revision: 1 }), // its own delivery may be a little late
    given(now - minute, { started_revision: 1, status: 'sending', lease_until: now + 1 }),
    ...['sent', 'cancelled', 'superseded', 'failed'].map((status) => given(now, { status })),
  ]);
  expect(await sweep()).toEqual({ started: 3 });
  expect(await Promise.all(found.map((id, of) => isWaiting(id, of === 0 ? 2 : 1)))).toEqual(
    found.map(() => true),
  );
  expect(await Promise.all(others.map((id) => isWaiting(id)))).toEqual(others.map(() => false));
  expect(await startedRevision(found[0])).toBe(2);
});

test('a revision that came while an older one was started is still to be started', async () => {
  const id = await given(now, { revision: 2 });
  await markStarted(database.db, [{ id, revision: 1, sendAt: now }]);
  expect(await startedRevision(id)).toBe(1);
  expect(await sweep()).toEqual({ started: 1 });
  expect(await isWaiting(id, 2)).toBe(true);
});

test('an outage of the mail server keeps no new message from being started', async () => {
  const { db } = database;
  const loopId = await givenLoop(db);
  const waiting = Array.from({ length: 500 }, (_, sequence) => ({
    id: randomUUID(),
    loop_id: loopId,
    sequence,
    recipient_id: tokyo.lead,
    key: 'handoff.passed_on',
    params: {},
    urgency: 'working',
    channel: 'email',
    send_at: now - hour,
    status: 'planned',
    message_id: 'none',
    started_revision: 1,
  }));
  await db.insertInto('notice').values(waiting).execute();
  const id = await given(now);
  expect(await sweep()).toEqual({ started: 501 });
  expect(await isWaiting(id)).toBe(true);
});
