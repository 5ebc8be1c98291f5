import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { createDeliverWebhook, sendsAtOnceMax } from '../../activities/deliver-webhook.ts';
import type { DueDelivery } from '../../db/webhook-deliveries.ts';
import { removeEndpoint, rotateSecret } from '../../db/webhook-endpoints.ts';
import type { WebhookDeliveryId, WebhookId } from '../../domain/id.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { type Receiver, receiver, status, type Told } from '../support/receiver.ts';

const hour = 3_600_000;
const day = 24 * hour;
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
let system: Receiver;
let started: DueDelivery[];
beforeEach(async () => {
  [recorder, system] = await Promise.all([handoffRecorder(), receiver()]);
  started = [];
});
afterEach(async () => {
  await Promise.all([recorder.drop(), system.stop()]);
});

async function endpoint(values: object = {}): Promise<{ id: WebhookId; secret: string }> {
  const { db, clock } = recorder;
  const made = { id: randomUUID() as WebhookId, secret: newSecret() };
  const rest = { url: system.url, event_types: [], owner_id: berlin.manager };
  await db
    .insertInto('webhook_endpoint')
    .values({ ...made, ...rest, created_at: clock.now(), ...values })
    .execute();
  return made;
}

let accounts = 0;
/** Another handoff of the same two people: one recorded step. */
async function step(): Promise<Awaited<ReturnType<typeof recorder.offered>>> {
  const id = `account-${(accounts += 1)}`;
  const since = recorder.clock.now() - 1_000;
  await givenAccount(recorder.db, { id: id as never, owner: berlin.lead, since });
  return recorder.offered({ account: id as never });
}

const rows = () =>
  recorder.db.selectFrom('webhook_delivery').selectAll().orderBy('planned_at').execute();
const rowsOf = async (id: WebhookId) => (await rows()).filter((row) => row.endpoint_id === id);
const off = async (id: WebhookId) =>
  (
    await recorder.db
      .selectFrom('webhook_endpoint')
      .select('disabled_reason')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).disabled_reason;
const mails = async () =>
  (await recorder.db.selectFrom('notice').selectAll().execute()).filter(({ key }) =>
    key.startsWith('message.webhook'),
  );

function deliver(id: string, chance = 1) {
  const { db, clock } = recorder;
  const startWebhooks = (due: readonly DueDelivery[]) => void started.push(...due);
  const parts = { db, clock, startWebhooks, webhooks: { isPrivateAllowed: true } };
  return createDeliverWebhook({ ...parts, chance: () => chance })({
    deliveryId: id as WebhookDeliveryId,
  });
}

/** By the library of receivers, on the clock of the story. */
function isSignedBy(secret: string, { headers, body }: Told = system.told.at(-1)!): boolean {
  vi.useFakeTimers({ toFake: ['Date'], now: recorder.clock.now() });
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
  }
}

describe('a step is planned', () => {
  test('for each endpoint that wants one of its events, and for no other', async () => {
    const [all, offered, others, elsewhere, disabled] = await Promise.all([
      endpoint({ region_id: 'world' }),
      endpoint({ event_types: ['handoff.offered', 'cover.begun'] }),
      endpoint({ event_types: ['handoff.transferred'] }),
      sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
        SELECT 'mars', name, locale, zone, manager_id, week_id FROM region`
        .execute(recorder.db)
        .then(() => endpoint({ region_id: 'mars' })),
      endpoint({ disabled_at: recorder.clock.now(), disabled_reason: 'gone' }),
    ]);
    await step();
    const counts = await Promise.all(
      [all, offered, others, elsewhere, disabled].map(async ({ id }) => (await rowsOf(id)).length),
    );
    expect(counts).toEqual([1, 1, 0, 0, 0]);
  });

  test('with it or not at all, and within its statements', async () => {
    await endpoint();
    const handoff = await recorder.offered();
    expect(await handoff.does({ type: 'confirm', actor: berlin.lead })).toBe(
      'handoff.not_read_back',
    );
    expect(await rows()).toHaveLength(1);
    const content = await recorder.write('handoff.synthesis', tokyo.lead);
    const readBack = { type: 'readBack', actor: tokyo.lead, content } as const;
    const commandId = randomUUID();
    const statements = await recorder.statementsOf(() =>
      handoff.does(readBack, undefined, commandId),
    );
    expect(statements).toBeLessThanOrEqual(12);
    expect(await handoff.does(readBack, undefined, commandId)).not.toBe('recorded');
    expect(await rows()).toHaveLength(2);
    await handoff.replans();
    expect(await rows()).toHaveLength(2);
  });

  test('as ids, names of events and an instant: nothing of people', async () => {
    await endpoint();
    const { id } = await step();
    const [{ body } = { body: '' }] = await rows();
    expect(JSON.parse(body)).toEqual({
      type: 'handoff.offered',
      timestamp: new Date(recorder.clock.now()).toISOString(),
      data: { loop: 'handoff', id, sequence: 0, events: ['handoff.offered'] },
    });
    const people = await recorder.db.selectFrom('person').select(['id', 'name', 'email']).execute();
    for (const text of people.flatMap((one) => Object.values(one))) {
      expect(body).not.toContain(text);
    }
  });
});

describe('a delivery', () => {
  test('is sent once, signed, whoever tries how often at once', async () => {
    const { secret } = await endpoint();
    await step();
    const [row] = await rows();
    const outcomes = await Promise.all([1, 2, 3].map(() => deliver(row!.id)));
    expect(outcomes.toSorted()).toEqual(['delivered', 'passed', 'passed']);
    expect(await deliver(row!.id)).toBe('passed');
    expect(system.told).toMatchObject([{ body: row!.body, headers: { 'webhook-id': row!.id } }]);
    expect(isSignedBy(secret)).toBe(true);
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 1, lease_until: null }]);
  });

  test('that failed is tried again at its time, with the same id and the same bytes', async () => {
    const { secret } = await endpoint();
    await step();
    const [row] = await rows();
    system.answers(status(503));
    expect(await deliver(row!.id)).toBe('again');
    const at = recorder.clock.now();
    expect(started).toEqual([{ id: row!.id, attempts: 1, nextTryAt: at + 10_000 }]);
    expect(await deliver(row!.id)).toBe('passed');
    recorder.clock.moveTo(at + 10_000);
    system.answers(status(204));
    expect(await deliver(row!.id)).toBe('delivered');
    const [first, second] = system.told;
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.headers['webhook-timestamp']).not.toBe(first!.headers['webhook-timestamp']);
    expect(isSignedBy(secret)).toBe(true);
  });

  test('whose sender died is taken over when its lease has run out, not before', async () => {
    await endpoint();
    await step();
    const lease = recorder.clock.now() + 30_000;
    const [row] = await rows();
    await recorder.db
      .updateTable('webhook_delivery')
      .set({ attempts: 1, lease_until: lease })
      .execute();
    expect(await deliver(row!.id)).toBe('passed');
    recorder.clock.moveTo(lease);
    expect(await deliver(row!.id)).toBe('delivered');
  });

  test('is signed with both secrets until a rotation ends, then with the new one alone', async () => {
    const { id, secret: former } = await endpoint();
    const secret = newSecret();
    const previousEndsAt = recorder.clock.now() + hour;
    await rotateSecret(recorder.db, { id, secret, commandId: randomUUID(), previousEndsAt });
    await step();
    await deliver((await rows())[0]!.id);
    expect([secret, former].map((one) => isSignedBy(one))).toEqual([true, true]);
    recorder.clock.moveTo(previousEndsAt);
    await step();
    await deliver((await rows())[1]!.id);
    expect([secret, former].map((one) => isSignedBy(one))).toEqual([true, false]);
  });

  test('to an endpoint that hangs holds two places and delays nobody else', async () => {
    const slow = await receiver();
    const waiting: (() => void)[] = [];
    slow.answers((response) => void waiting.push(() => status(204)(response)));
    const { id } = await endpoint({ url: slow.url });
    for (let n = 0; n < 6; n += 1) await step();
    const other = await endpoint();
    await step();
    const [late, others] = [await rowsOf(id), await rowsOf(other.id)];
    const passed: string[] = [];
    const tries = late.map(async (row) => {
      if ((await deliver(row.id)) === 'passed') passed.push(row.id);
    });
    await vi.waitFor(() => expect(waiting.length + passed.length).toBe(late.length));
    expect(waiting).toHaveLength(sendsAtOnceMax);
    expect(await deliver(others[0]!.id)).toBe('delivered');
    expect(started).toEqual([]);
    for (const answer of waiting) answer();
    await Promise.all(tries);
    // Whichever ended gave its place to those that waited.
    expect(started.some((due) => passed.includes(due.id))).toBe(true);
    slow.answers(status(204));
    expect(await deliver(started.at(-1)!.id)).toBe('delivered');
    await slow.stop();
  });
});

describe('an endpoint', () => {
  test('that answers 410 is off at once, gets nothing more, and its owner is told once', async () => {
    const { id } = await endpoint();
    await step();
    await step();
    system.answers(status(410));
    const [first, second] = await rows();
    expect(await deliver(first!.id)).toBe('failed');
    expect([await off(id), await deliver(second!.id)]).toEqual(['gone', 'passed']);
    await step();
    expect(await rows()).toMatchObject([
      { status: 'failed', reason: 'http_410' },
      { status: 'dropped', reason: 'endpoint_off' },
    ]);
    expect(system.told).toHaveLength(1);
    const host = new URL(system.url).host;
    expect(await mails()).toMatchObject([
      { recipient_id: berlin.manager, key: 'message.webhook_gone', params: { host } },
    ]);
  });

  test('that takes nothing for three days is off, and its owner’s manager told if they left', async () => {
    const { id } = await endpoint({ owner_id: berlin.lead });
    await step();
    const { clock } = recorder;
    const began = clock.now();
    system.answers(status(500));
    const [row] = await rows();
    for (let tries = 0; (await deliver(row!.id)) === 'again'; tries += 1) {
      expect(await off(id)).toBeNull();
      expect(tries).toBeLessThan(100);
      clock.moveTo(started.at(-1)!.nextTryAt);
      if (tries === 0) {
        const left = { left_at: clock.now() };
        await recorder.db.updateTable('person').set(left).where('id', '=', berlin.lead).execute();
      }
    }
    expect(clock.now() - began).toBe(3 * day);
    expect(await off(id)).toBe('failing');
    expect(await rows()).toMatchObject([{ status: 'failed', reason: 'http_500' }]);
    expect(await mails()).toMatchObject([
      { recipient_id: berlin.manager, key: 'message.webhook_failing' },
    ]);
  });

  test('that takes something now and then stays on, whatever it refuses', async () => {
    const { id } = await endpoint();
    await step();
    const { clock } = recorder;
    const [refused] = await rows();
    system.answers(status(500));
    await deliver(refused!.id);
    clock.moveTo(clock.now() + 2 * day);
    await step();
    system.answers(status(204));
    const [, taken] = await rows();
    expect(await deliver(taken!.id)).toBe('delivered');
    system.answers(status(500));
    clock.moveTo(clock.now() + day);
    expect(await deliver(refused!.id)).toBe('failed');
    expect(await off(id)).toBeNull();
  });

  test('that was removed gets nothing, and neither its address nor its secrets stay', async () => {
    const { id } = await endpoint();
    await step();
    await removeEndpoint(recorder.db, id, recorder.clock.now());
    await step();
    const left = await rows();
    expect(left).toMatchObject([{ status: 'dropped', reason: 'endpoint_off' }]);
    expect(await deliver(left[0]!.id)).toBe('passed');
    expect(system.told).toEqual([]);
    const kept = await recorder.db
      .selectFrom('webhook_endpoint')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(kept).toMatchObject({ url: null, secret: null, previous_secret: null });
  });
});
