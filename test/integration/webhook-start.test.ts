import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sendsAtOnceMax } from '../../activities/deliver-webhook.ts';
import {
  createStartWebhooks,
  createSweepWebhooks,
  type StartWebhooksParts,
} from '../../activities/start-webhooks.ts';
import type { Database } from '../../db/client.ts';
import type { WebhookDeliveryId } from '../../domain/id.ts';
import { berlin } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { storyClock } from '../support/story-clock.ts';

/** Temporal's own clock is the real one; nothing here waits for it. */
const now = Date.now();
const minute = 60_000;
const day = 24 * 60 * minute;

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
let connection: Connection;
let parts: StartWebhooksParts & { readonly db: Database };
let delivery: WebhookDeliveryId;
beforeAll(async () => {
  recorder = await handoffRecorder();
  connection = await Connection.connect({ address: inject('stack').temporalAddress });
  parts = {
    db: recorder.db,
    client: new Client({ connection }),
    taskQueue: `nobody-${randomUUID()}`,
    clock: storyClock(now),
  };
  // A step whose worker died between the commit and the start.
  await endpoint();
  await recorder.offered();
  const row = await recorder.db
    .selectFrom('webhook_delivery')
    .select('id')
    .executeTakeFirstOrThrow();
  delivery = row.id as WebhookDeliveryId;
});
afterAll(async () => {
  await connection.close();
  await recorder.drop();
});

async function endpoint(): Promise<string> {
  const id = randomUUID();
  await recorder.db
    .insertInto('webhook_endpoint')
    .values({
      id,
      url: 'https://hooks.example.test/',
      secret: 'whsec_c2VjcmV0',
      event_types: [],
      owner_id: berlin.manager,
      created_at: now,
    })
    .execute();
  return id;
}

const isWaiting = async (id: WebhookDeliveryId, attempts = 0): Promise<boolean> =>
  parts.client.activity
    .getHandle(`webhook:${id}:${attempts}`)
    .describe()
    .then(
      () => true,
      () => false,
    );
const put = (values: object) =>
  recorder.db.updateTable('webhook_delivery').set(values).where('id', '=', delivery).execute();
const sweep = () => createSweepWebhooks(parts)();

test('what was just planned is left to its starter; what nobody started is swept', async () => {
  await put({ next_try_at: now - minute + 1 });
  expect(await sweep()).toEqual({ started: 0, removed: 0 });
  await put({ next_try_at: now - minute });
  expect(await isWaiting(delivery)).toBe(false);
  expect(await sweep()).toEqual({ started: 1, removed: 0 });
  expect(await isWaiting(delivery)).toBe(true);
});

test('a try is started once, whoever starts it how often', async () => {
  const start = createStartWebhooks(parts);
  const due = { id: delivery, attempts: 1, nextTryAt: now + 60 * minute };
  await Promise.all([start([due]), start([due]), start([due, due])]);
  expect(await isWaiting(delivery, 1)).toBe(true);
});

test('what is being sent, is settled or belongs to an endpoint that is off is not swept', async () => {
  const overdue = { next_try_at: now - day };
  await put({ ...overdue, lease_until: now + minute });
  expect(await sweep()).toMatchObject({ started: 0 });
  await put({ lease_until: null, status: 'delivered', settled_at: now });
  expect(await sweep()).toMatchObject({ started: 0 });
  await put({ status: 'planned', settled_at: null });
  const off = { disabled_at: now, disabled_reason: 'failing' };
  await recorder.db.updateTable('webhook_endpoint').set(off).execute();
  expect(await sweep()).toMatchObject({ started: 0 });
  const on = { disabled_at: null, disabled_reason: null };
  await recorder.db.updateTable('webhook_endpoint').set(on).execute();
  expect(await sweep()).toMatchObject({ started: 1 });
});

test('of one endpoint no more is swept than may be sent to it at once', async () => {
  const { db } = recorder;
  const [busy, other] = [await endpoint(), await endpoint()];
  const { loop_id } = await db
    .selectFrom('webhook_delivery')
    .select('loop_id')
    .executeTakeFirstOrThrow();
  await put({ status: 'delivered', settled_at: now });
  const copy = (endpoint_id: string, sequence: number) => ({
    id: randomUUID(),
    endpoint_id,
    loop_id,
    sequence,
    body: '{}',
    planned_at: now,
    next_try_at: now - day,
  });
  await db.insertInto('webhook_delivery').values(copy(other, 0)).execute();
  const transition = await db.selectFrom('transition').selectAll().executeTakeFirstOrThrow();
  for (let sequence = 1; sequence <= 4; sequence += 1) {
    const text = (value: unknown) => JSON.stringify(value);
    await db
      .insertInto('transition')
      .values({
        ...transition,
        sequence,
        command_id: randomUUID(),
        events: text(transition.events),
        state: text(transition.state),
        moments: text(transition.moments),
        computed_with: text(transition.computed_with),
      })
      .execute();
    await db.insertInto('webhook_delivery').values(copy(busy, sequence)).execute();
  }
  expect(await sweep()).toMatchObject({ started: sendsAtOnceMax + 1 });
});

test('an outcome can be read for thirty days, then it is forgotten', async () => {
  await put({ status: 'delivered', settled_at: now - 30 * day });
  expect(await sweep()).toMatchObject({ removed: 0 });
  await put({ settled_at: now - 30 * day - 1 });
  expect(await sweep()).toMatchObject({ removed: 1 });
});
