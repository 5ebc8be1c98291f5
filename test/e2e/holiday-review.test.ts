import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { openSession } from '../../db/sessions.ts';
import type { PersonId } from '../../domain/id.ts';
import {
  asksAbout,
  dayAfter,
  director,
  holidayWorld,
  lead,
  manager,
  region,
} from '../support/holiday-review-story.ts';
import { fieldsOf } from '../support/browser.ts';
import { issuer, testTokens, type TestTokens } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

const publicUrl = 'http://meridian.test';
const day = 86_400_000;
let world: World;
let tokens: TestTokens;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  world = await holidayWorld();
  const { db } = world.database;
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
  tokens = await testTokens(world.clock);
  app = createApp({
    db,
    loops: createLoopGateway({ client: world.client, db, taskQueue: world.taskQueue }),
    clock: world.clock,
    verifyToken: tokens.verifyToken,
    issuer,
    publicUrl,
    log: pino({ level: 'silent' }),
    pages: {
      issuer,
      clientId: 'meridian',
      clientSecret: 'secret',
      secret: 'of the test alone, 32 letters',
    },
  });
});
afterAll(() => world.stop());

async function ask(as: PersonId, path: string, body?: unknown, headers: object = {}) {
  const response = await app.request(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${await tokens.of(as)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

/** A browser that is signed in. */
async function browser(person: PersonId) {
  const token = randomUUID();
  const at = world.clock.now();
  await openSession(world.database.db, {
    tokenHash: createHash('sha256').update(token).digest(),
    person,
    idToken: 'of the test',
    at,
    expiresAt: at + day,
  });
  const headers = { cookie: `meridian_session=${token}`, origin: publicUrl };
  return {
    see: async (path: string) => (await app.request(path, { headers })).text(),
    send: (path: string, form: Record<string, string>) =>
      app.request(path, { method: 'POST', headers, body: new URLSearchParams(form) }),
  };
}

test('a provisional day is shown as such, and who is asked confirms it with what they saw', async () => {
  const review = await asksAbout(world, 21);
  const on = dayAfter(world, 21);
  const path = `/holiday-reviews/${review.id}`;
  const listed = await ask(lead, `/regions/${region}/holidays?year=${on.slice(0, 4)}`);
  expect(listed.json['items']).toMatchObject([
    { day: on, status: 'provisional', review: review.id },
  ]);
  expect((await ask(director, path)).json).toMatchObject({
    day: on,
    status: 'asked',
    waitsFor: [{ id: manager }],
    revision: 1,
  });
  expect((await ask(lead, path)).status).toBe(404);
  const stale = await ask(manager, `${path}/confirm`, {}, { 'if-match': '"7"' });
  expect([stale.status, stale.json['code']]).toEqual([412, 'request.revision_stale']);
  const above = await ask(director, `${path}/confirm`, {});
  expect([above.status, above.json['code']]).toEqual([403, 'holiday.not_reviewer']);
  const confirmed = await ask(manager, `${path}/confirm`, {}, { 'if-match': '"1"' });
  expect(confirmed).toMatchObject({ status: 200, json: { status: 'confirmed', revision: 2 } });
  const again = await ask(manager, `${path}/correct`, { movedTo: null });
  expect([again.status, again.json['code']]).toEqual([409, 'loop.closed']);
});

test('the page that the mail opens asks in the reader’s language, and its form settles the task', async () => {
  const review = await asksAbout(world, 14);
  const path = `/tasks/${review.id}`;
  const page = await (await browser(manager)).see(path);
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).toContain('عيد الفطر');
  const fields = fieldsOf(page, path);
  const there = await browser(manager);
  const taken = await there.send(path, { ...fields, choice: 'move', movedTo: dayAfter(world, 14) });
  expect(taken.status).toBe(422);
  expect(await taken.text()).toContain('role="alert"');
  const moved = await there.send(path, {
    ...fields,
    choice: 'move',
    movedTo: dayAfter(world, 15),
    key: randomUUID(),
  });
  expect([moved.status, moved.headers.get('location')]).toEqual([303, path]);
  expect((await ask(manager, `/holiday-reviews/${review.id}`)).json).toMatchObject({
    status: 'corrected',
    movedTo: dayAfter(world, 15),
  });
  const after = await there.see(path);
  expect(after).not.toContain('name="movedTo"');
});
