import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf } from '../support/browser.ts';
import {
  asksAbout,
  dayAfter,
  director,
  holidayWorld,
  lead,
  manager,
  region,
} from '../support/holiday-review-story.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

let world: World;
let ask: ServedWorld['ask'];
let browser: ServedWorld['browser'];

beforeAll(async () => {
  world = await holidayWorld();
  ({ ask, browser } = await served(world));
});
afterAll(() => world.stop());

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
  const there = await browser(manager);
  const page = await there.see(path);
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).toContain('عيد الفطر');
  const fields = fieldsOf(page, path);
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
