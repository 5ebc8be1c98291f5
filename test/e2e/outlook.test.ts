/** A finding over HTTP and on its page: read in the reader's language, accepted with a reason. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf } from '../support/browser.ts';
import { account } from '../support/handoff-organisation.ts';
import { berlin, handoffWorld, inbox, tokyo } from '../support/handoff-story.ts';
import { findsLeave } from '../support/outlook-story.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let ask: ServedWorld['ask'];
let browser: ServedWorld['browser'];

beforeAll(async () => {
  world = await handoffWorld();
  const { db } = world.database;
  await db.updateTable('person').set({ locale: 'ar' }).where('id', '=', berlin.manager).execute();
  ({ ask, browser } = await served(world));
});
afterAll(() => world.stop());

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

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
  const { see, send } = await browser(berlin.manager);
  const page = await see(path);
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).toContain('إجازة بلا تغطية');
  const fields = fieldsOf(page, path);
  const empty = await send(path, { ...fields, until: dayAfter(3), reason: ' ' });
  expect(empty.status).toBe(422);
  expect(await empty.text()).toContain('role="alert"');
  const sent = await send(path, {
    ...fields,
    until: dayAfter(3),
    reason: 'معروف',
    key: randomUUID(),
  });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, path]);
  expect(await inbox(world, berlin.manager)).toEqual([]);
  const after = await see(path);
  expect(after).toContain('معروف');
  expect(after).not.toContain('name="until"');
});
