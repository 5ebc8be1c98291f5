import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRemoveUnusedTexts } from '../../activities/unused-texts.ts';
import type { PersonId } from '../../domain/id.ts';
import { type Answer, type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, operator, tokyo } from '../support/handoff-organisation.ts';

interface Shown {
  readonly id: string;
  readonly secret: string;
}

let world: ApiWorld;
const admin = operator;
/** Admin of one region alone. */
const regional = tokyo.manager;
beforeAll(async () => {
  world = await apiWorld();
  await world.db
    .insertInto('person_role')
    .values([
      { person_id: admin, role: 'admin', region_id: null },
      { person_id: regional, role: 'admin', region_id: 'world' },
    ])
    .execute();
});
afterAll(() => world.drop());

const url = 'https://hooks.example.test/meridian?of=us';
const post = (as: PersonId, body: object, key?: string): Promise<Answer> =>
  world.ask('/webhooks', { method: 'POST', as, body, ...(key !== undefined && { key }) });
const made = async (as: PersonId, body: object = { url }): Promise<Shown> => {
  const answer = await post(as, body);
  expect(answer.status).toBe(201);
  return answer.json as Shown;
};
const listed = async (as: PersonId) =>
  ((await world.ask('/webhooks', { as })).json as { items: readonly Shown[] }).items;
const rotate = (as: PersonId, id: string) =>
  world.ask(`/webhooks/${id}/rotate`, { method: 'POST', as, body: {} });
const stored = (id: string) =>
  world.db
    .selectFrom('webhook_endpoint')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

test('who is no admin neither makes nor lists an endpoint', async () => {
  const answers = [
    await post(berlin.lead, { url }),
    await world.ask('/webhooks', { as: tokyo.lead }),
  ];
  for (const { status, problem } of answers) {
    expect([status, problem.code]).toEqual([403, 'authority.forbidden']);
  }
});

test('an admin of a region manages the endpoints of that region, and sees no others', async () => {
  expect((await post(regional, { url })).problem.code).toBe('authority.forbidden');
  const own = await made(regional, { url, region: 'world' });
  const whole = await made(admin);
  expect((await listed(regional)).map(({ id }) => id)).toEqual([own.id]);
  // Made at one instant of the story, so in no order.
  const all = (await listed(admin)).map(({ id }) => id);
  expect(all.toSorted()).toEqual([own.id, whole.id].toSorted());
  const unseen = await rotate(regional, whole.id);
  expect([unseen.status, unseen.problem.code]).toEqual([404, 'request.not_found']);
});

test('a secret is answered when it is made, and never again', async () => {
  const { id, secret } = await made(admin);
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  const rotated = await rotate(admin, id);
  const { secret: next } = rotated.json as Shown;
  expect(next).toMatch(/^whsec_[\w+/]{43}=$/);
  expect(next).not.toBe(secret);
  const reads = [
    await world.ask('/webhooks', { as: admin }),
    await world.ask(`/webhooks/${id}/deliveries`, { as: admin }),
    await world.ask(`/webhooks/${id}`, { method: 'DELETE', as: admin }),
  ];
  for (const { status, text } of reads) {
    expect(status).toBe(200);
    expect(text).not.toContain('whsec_');
  }
  expect(JSON.stringify(world.lines)).not.toMatch(/whsec_|hooks\.example/);
});

test('a rotation leaves the former secret a day, and its repeat takes nobody’s secret away', async () => {
  const { id, secret } = await made(admin);
  await rotate(admin, id);
  const ends = world.clock.now() + 86_400_000;
  expect(await stored(id)).toMatchObject({ previous_secret: secret, previous_ends_at: ends });
  // Its answer was lost, and with it the new secret: the request is made again with its key.
  const ask = { method: 'POST', as: admin, body: {}, key: 'a-key-of-mine' };
  await world.ask(`/webhooks/${id}/rotate`, ask);
  const { previous_secret: kept, secret: lost } = await stored(id);
  await world.db.deleteFrom('idempotency').execute();
  const again = await world.ask(`/webhooks/${id}/rotate`, ask);
  const { secret: now } = again.json as Shown;
  expect(now).not.toBe(lost);
  expect(await stored(id)).toMatchObject({ secret: now, previous_secret: kept });
});

test('a former secret is kept nowhere once its day is over', async () => {
  const { id } = await made(admin);
  await rotate(admin, id);
  const { db, clock } = world;
  const forget = createRemoveUnusedTexts({ db, clock: { now: () => clock.now() + 86_399_999 } });
  await forget();
  expect((await stored(id)).previous_secret).not.toBeNull();
  await createRemoveUnusedTexts({ db, clock: { now: () => clock.now() + 86_400_000 } })();
  expect(await stored(id)).toMatchObject({ previous_secret: null, previous_ends_at: null });
});

test('an endpoint whose answer was lost is made once, with the secret that is answered', async () => {
  const key = 'another-key-of-mine';
  const first = (await post(admin, { url }, key)).json as Shown;
  await world.db.deleteFrom('idempotency').execute();
  const second = (await post(admin, { url }, key)).json as Shown;
  expect(second.id).toBe(first.id);
  expect((await stored(first.id)).secret).toBe(second.secret);
});

test.for([
  ['http://hooks.example.test/', 'request.invalid'],
  ['no address', 'request.invalid'],
  ['https://me:secret@hooks.example.test/', 'webhook.address_refused'],
  ['https://127.0.0.1/', 'webhook.address_refused'],
  ['https://2130706433/', 'webhook.address_refused'],
  ['https://[::ffff:169.254.169.254]/', 'webhook.address_refused'],
] as const)('%s is refused as %s, without its words', async ([refused, code]) => {
  const { status, problem, text } = await post(admin, { url: refused });
  expect([status, problem.code]).toEqual([422, code]);
  expect(text).not.toContain('secret');
});

test('a region or an event that nobody knows is refused', async () => {
  const region = await post(admin, { url, region: 'nowhere' });
  expect(region.problem.code).toBe('webhook.region_unknown');
  const event = await post(admin, { url, eventTypes: ['handoff.offered', 'handoff.sold'] });
  expect(event.problem.code).toBe('request.invalid');
});

test('what became of each delivery is told with its reason, the latest first', async () => {
  const { id } = await made(admin, { url, eventTypes: ['handoff.offered'] });
  const body = offer(account, tokyo.lead);
  const { json } = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  const handoff = (json as { id: string }).id;
  const read = async () =>
    (await world.ask(`/webhooks/${id}/deliveries?limit=1`, { as: admin })).json as object;
  const planned = { loop: handoff, sequence: 0, type: 'handoff.offered', status: 'planned' };
  expect(await read()).toMatchObject({
    items: [{ ...planned, reason: null, attempts: 0, settledAt: null }],
    next: null,
  });
  await world.db
    .updateTable('webhook_delivery')
    .set({ attempts: 1, reason: 'http_503' })
    .where('endpoint_id', '=', id)
    .execute();
  expect(await read()).toMatchObject({ items: [{ reason: 'http_503', attempts: 1 }] });
  expect((await world.ask(`/webhooks/${id}`, { method: 'DELETE', as: admin })).status).toBe(200);
  expect((await world.ask(`/webhooks/${id}/deliveries`, { as: admin })).status).toBe(404);
});

test('the secret of an endpoint that is off is not exchanged any more', async () => {
  const { id } = await made(admin);
  const off = { disabled_at: world.clock.now(), disabled_reason: 'gone' };
  await world.db.updateTable('webhook_endpoint').set(off).where('id', '=', id).execute();
  const { status, problem } = await rotate(admin, id);
  expect([status, problem.code]).toEqual([409, 'webhook.off']);
  expect(await listed(admin)).toContainEqual(
    expect.objectContaining({ id, isEnabled: false, offReason: 'gone' }),
  );
});

test('there are a hundred at most', async () => {
  const { db } = world;
  const { id: _id, ...one } = await stored((await made(admin)).id);
  const count = (await listed(admin)).length;
  const more = Array.from({ length: 100 - count }, () => ({ ...one, id: randomUUID() }));
  await db.insertInto('webhook_endpoint').values(more).execute();
  const { status, problem } = await post(admin, { url });
  expect([status, problem.code]).toEqual([409, 'webhook.too_many']);
});
