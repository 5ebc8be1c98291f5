/** A finding over HTTP and on its page: read in the reader's language, accepted with a reason. */
import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { openSession } from '../../db/sessions.ts';
import type { PersonId } from '../../domain/id.ts';
import { fieldsOf } from '../support/browser.ts';
import { account } from '../support/handoff-organisation.ts';
import { berlin, handoffWorld, inbox, tokyo } from '../support/handoff-story.ts';
import { findsLeave } from '../support/outlook-story.ts';
import { issuer, testTokens, type TestTokens } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

const publicUrl = 'http://meridian.test';
const day = 86_400_000;
let world: World;
let tokens: TestTokens;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  world = await handoffWorld();
  const { db } = world.database;
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
  await db.updateTable('person').set({ locale: 'ar' }).where('id', '=', berlin.manager).execute();
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

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

async function ask(as: PersonId, path: string, body?: unknown) {
  const response = await app.request(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${await tokens.of(as)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

test('whoever is asked accepts a finding until a day; nobody else does, and no day that is past', async () => {
  const finding = await findsLeave(world);
  const path = `/findings/${finding.id}`;
  const read = await ask(berlin.lead, path);
  expect(read.json).toMatchObject({
    account: { id: account },
    kind: 'leave',
    status: 'open',
    waitsFor: { id: berlin.manager },
  });
  expect(read.json['sentence']).toContain('Urlaub');
  expect((await ask(tokyo.lead, path)).status).toBe(404);
  const said = { until: dayAfter(5), reason: 'The director stands in.' };
  const own = await ask(berlin.lead, `${path}/acknowledge`, said);
  expect([own.status, own.json['code']]).toEqual([403, 'outlook.not_asked']);
  const past = await ask(berlin.manager, `${path}/acknowledge`, { ...said, until: dayAfter(-2) });
  expect([past.status, past.json['code']]).toEqual([422, 'outlook.accepted_until']);
  const accepted = await ask(berlin.manager, `${path}/acknowledge`, said);
  expect(accepted).toMatchObject({
    status: 200,
    json: { status: 'accepted', reason: said.reason, dueAt: null },
  });
  // To the end of that day on the clock of whoever accepts it.
  expect(accepted.json['acceptedUntil']).toBe(`${dayAfter(5)}T23:00:00.000Z`);
});

test('the page that the mail opens asks in the reader’s language, and its form accepts it', async () => {
  const finding = await findsLeave(world, { firstDay: dayAfter(40) });
  const path = `/tasks/${finding.id}`;
  const token = randomUUID();
  const at = world.clock.now();
  await openSession(world.database.db, {
    tokenHash: createHash('sha256').update(token).digest(),
    person: berlin.manager,
    idToken: 'of the test',
    at,
    expiresAt: at + day,
  });
  const headers = { cookie: `meridian_session=${token}`, origin: publicUrl };
  const send = (form: Record<string, string>) =>
    app.request(path, { method: 'POST', headers, body: new URLSearchParams(form) });
  const page = await (await app.request(path, { headers })).text();
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).toContain('إجازة بلا تغطية');
  const fields = fieldsOf(page, path);
  const empty = await send({ ...fields, until: dayAfter(3), reason: ' ' });
  expect(empty.status).toBe(422);
  expect(await empty.text()).toContain('role="alert"');
  const sent = await send({ ...fields, until: dayAfter(3), reason: 'معروف', key: randomUUID() });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, path]);
  expect(await inbox(world, berlin.manager)).toEqual([]);
  const after = await (await app.request(path, { headers })).text();
  expect(after).toContain('معروف');
  expect(after).not.toContain('name="until"');
});
