import { afterAll, beforeAll, expect, test } from 'vitest';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import { loadPreferences } from '../../db/preferences.ts';
import type { ApiWorld } from '../support/api.ts';
import { fieldsOf, testBrowser } from '../support/browser.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';

const appUrl = 'http://localhost:3998';
let pages: PagesWorld;
let world: ApiWorld;
beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead] });
  ({ world } = pages);
});
afterAll(() => pages.stop());

const said = {
  channels: ['slack', 'email'],
  quiet: { from: '20:30', until: '07:00' },
  digest: { every: 'week', weekday: 'tue', at: '09:15' },
  hourCycle: 'h12',
};
const mine = '/me/preferences';
const say = (body: unknown, headers: Record<string, string> = {}) =>
  world.ask(mine, { method: 'PUT', as: tokyo.lead, body, headers });

test('what somebody says of how they want to be reached is kept whole, and is theirs alone', async () => {
  expect((await world.ask(mine, { as: tokyo.lead })).json).toMatchObject({ revision: 0 });
  const saved = await say(said, { 'if-match': '"0"' });
  expect([saved.status, saved.json]).toEqual([200, { ...said, revision: 1 }]);
  expect((await world.ask(mine, { as: tokyo.lead })).json).toEqual(saved.json);
  expect((await world.ask(mine, { as: berlin.lead })).json).toMatchObject({ revision: 0 });
});

test('who decided upon what has changed since is told, and nothing is lost', async () => {
  const { revision } = (await say(said)).json as { revision: number };
  const stale = await say({ ...said, quiet: null }, { 'if-match': `"${revision - 1}"` });
  expect([stale.status, stale.problem.code]).toEqual([412, 'request.revision_stale']);
  expect((await world.ask(mine, { as: tokyo.lead })).json).toEqual({ ...said, revision });
});

test.for([
  [{ ...said, channels: ['email', 'email'] }, 'preferences.channel_twice'],
  [{ ...said, quiet: { from: '20:30', until: '20:30' } }, 'preferences.quiet_empty'],
  [{ ...said, channels: [] }, 'request.invalid'],
  [{ ...said, quiet: { from: '24:00', until: '7' } }, 'request.invalid'],
  [{ ...said, locale: 'de' }, 'request.invalid'],
] as const)('what cannot be meant is refused by name: %j', async ([body, code]) => {
  expect((await say(body)).problem.code).toBe(code);
});

test('the page says the same as the API, and keeps nothing from a form of elsewhere', async () => {
  const browser = testBrowser(world.app, appUrl);
  const chosen = await browser.visit('/auth/sign-in');
  await browser.visit(chosen.url, { person: berlin.lead });
  const form = fieldsOf((await browser.visit('/preferences')).text, '/preferences');
  const filled = {
    ...form,
    channel: 'teams',
    quiet_from: '19:00',
    quiet_until: '08:00',
    every: '',
    weekday: 'mon',
    digest_at: '09:00',
    hour_cycle: '',
  };
  const saved = await browser.visit('/preferences', filled);
  expect(saved.text).toContain('role="status"');
  expect((await world.ask(mine, { as: berlin.lead })).json).toMatchObject({
    channels: ['teams', 'email', 'slack'],
    quiet: { from: '19:00', until: '08:00' },
    revision: 1,
  });
  const again = await browser.visit('/preferences', filled);
  expect([again.status, again.text]).toEqual([412, expect.stringContaining('role="alert"')]);
  const foreign = await browser.post('/preferences', filled, 'https://elsewhere.test');
  expect(foreign.status).toBe(403);
  const half = await browser.visit('/preferences', { ...filled, revision: '1', quiet_until: '' });
  expect(half.status).toBe(422);
});

test('opening the link that ends digests changes nothing, and its one click ends digests alone', async () => {
  const before = (await say(said)).json as { revision: number };
  const path = unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead));
  const stranger = testBrowser(world.app, appUrl);
  for (let opened = 0; opened < 3; opened++) {
    expect((await stranger.visit(path)).text).toContain('<html lang="ja"');
  }
  expect((await world.ask(mine, { as: tokyo.lead })).json).toEqual(before);
  const form = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  expect((await world.app.request(path, form)).status).toBe(200);
  expect((await world.app.request(path, form)).status).toBe(200);
  const now = (await loadPreferences(world.db, [tokyo.lead])).get(tokyo.lead);
  expect(now).toMatchObject({ channels: said.channels, digest: { every: 'never' } });
  expect(now?.revision).toBe(before.revision + 1);
});

test('nobody ends the digests of another with an address of their own', async () => {
  const [, signature] = unsubscribeToken(pagesSecret, berlin.lead).split('.');
  for (const token of [`${tokyo.lead}.${signature}`, `${berlin.lead}.`, 'x'.repeat(5_000), '%00']) {
    expect((await world.app.request(unsubscribePath(token), { method: 'POST' })).status).toBe(404);
  }
});

test('where somebody’s chat is reached is kept, never shown, and forgotten when they say so', async () => {
  const address = 'https://hooks.slack.com/services/T0/B0/secret';
  const path = '/me/channels/slack';
  const put = (body: unknown) => world.ask(path, { method: 'PUT', as: tokyo.lead, body });
  const saved = await put({ address });
  expect(saved.text).not.toContain('secret');
  expect(saved.json).toMatchObject({
    items: [{ channel: 'email', hasAddress: true, isAllowed: true }, { hasAddress: true }, {}],
  });
  for (const wrong of [
    'http://hooks.slack.com/a',
    'https://me:pw@hooks.slack.com/a',
    'file:///etc',
    'https://hooks.slack.com.evil.test/a',
  ]) {
    expect((await put({ address: wrong })).status).toBe(422);
  }
  const remove = () => world.ask(path, { method: 'DELETE', as: tokyo.lead });
  expect((await remove()).status).toBe(200);
  expect((await remove()).status).toBe(404);
  const { status } = await world.ask('/me/channels/email', { method: 'DELETE', as: tokyo.lead });
  expect(status).toBe(422);
});
