import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../activities/compose-notice.ts';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import type { DigestPreview } from '../../api/digests/preview-digest.ts';
import { isMailOff, turnChannelOff } from '../../db/channel-off.ts';
import { recordAsked } from '../../db/fairness.ts';
import { endDigests, loadPreferences } from '../../db/preferences.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import { mailOffPath } from '../../locales/links.ts';
import { phraseHtml } from '../../locales/render.ts';
import type { ApiWorld } from '../support/api.ts';
import { fieldsOf, testBrowser } from '../support/browser.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice } from '../support/notices.ts';
import { until } from '../support/until.ts';
import { readers } from '../support/readers.ts';
import { person } from '../support/people.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';

const appUrl = 'http://localhost:3998';
let pages: PagesWorld;
let world: ApiWorld;
beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.manager] });
  ({ world } = pages);
});
afterAll(() => pages.stop());

const german = readers.berlin;

const said = {
  channels: ['slack', 'email'],
  quiet: { from: '20:30', until: '07:00' },
  digest: { every: 'week', weekday: 'tue', at: '09:15' },
  hourCycle: 'h12',
};
const browserOf = async (who: PersonId | null) => {
  const browser = testBrowser(world.app, appUrl);
  if (who === null) return browser;
  const chosen = await browser.visit('/auth/sign-in');
  await browser.visit(chosen.url, { person: who });
  return browser;
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

const hourMs = 3_600_000;
test('a preview says that rest holds a digest and until when, as its message does once it is composed', async () => {
  const { db, clock } = world;
  const preview = async () =>
    (await world.ask(`/people/${berlin.lead}/digest-preview`, { as: berlin.lead }))
      .json as DigestPreview;
  const at = Date.parse((await preview()).next?.at ?? '');
  const loop = (await givenLoop(db)) as LoopId;
  const call = { from: at - 9 * hourMs, until: at - 8 * hourMs };
  const asking = { person: berlin.lead, loop, sequence: 1, kind: 'handoff.call', ...call };
  await db.transaction().execute((tx) => recordAsked(tx, asking));
  const next = { localAt: expect.stringContaining('T12:00'), moved: { code: 'rest' } };
  const held = await preview();
  expect(held).toMatchObject({ next, sentences: [expect.stringContaining('12:00'), {}] });
  expect(held.next?.moved?.sentence).toContain('12:00');
  await db.deleteFrom('asked_outside').execute();
  expect((await preview()).next?.moved).toBeNull();

  const until = { until: { instant: call.until + 11 * hourMs } };
  const told = { to: berlin.lead, key: 'digest.message', params: {}, sendAt: clock.now() };
  const notice = await givenNotice(db, loop, { ...told, urgency: 'digest' });
  await db
    .updateTable('notice')
    .set({ reason: 'rest', reason_params: until })
    .where('id', '=', notice)
    .execute();
  const days = { period: '2026-11-02', day: '2026-11-05' };
  const times = { due_at: clock.now() - hourMs, at: clock.now() - hourMs };
  await db
    .insertInto('digest')
    .values({
      id: randomUUID(),
      person_id: berlin.lead,
      every: 'week',
      ...days,
      ...times,
      status: 'composed',
      notice_id: notice,
    })
    .execute();
  const sentence = held.next?.moved?.sentence;
  expect((await preview()).earlier).toMatchObject([{ status: 'composed', sentence }]);
  const browser = await browserOf(berlin.lead);
  expect((await browser.visit(`/digests/${berlin.lead}`)).text).toContain(sentence);
  await db.deleteFrom('digest').execute();
});

test('the page says the same as the API, and keeps nothing from a form of elsewhere', async () => {
  const browser = await browserOf(berlin.lead);
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
  const others = (await world.ask(mine, { as: berlin.lead })).json;
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
  expect((await world.ask(mine, { as: berlin.lead })).json).toEqual(others);
});

test('digests that are ended while somebody saves the rest of their preferences stay ended', async () => {
  const { db, clock } = world;
  await say(said);
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const saving = db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`preference/${tokyo.lead}`}))`.execute(tx);
    const [before] = (await loadPreferences(tx, [tokyo.lead])).values();
    reached.resolve();
    await go.promise;
    const row = { digest_every: before?.digest?.every ?? null, revision: 99 };
    await tx.updateTable('preference').set(row).where('person_id', '=', tokyo.lead).execute();
  });
  await reached.promise;
  const ending = endDigests(db, tokyo.lead, clock.now());
  await until('it waits its turn', async () => {
    const { rows } = await sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db);
    return rows.length > 0;
  });
  go.resolve();
  await saving;
  expect(await ending).toBe(true);
  const now = (await loadPreferences(db, [tokyo.lead])).get(tokyo.lead);
  expect(now).toMatchObject({ digest: { every: 'never' }, revision: 100 });
});

test('the form behind the link ends digests for whoever is signed in as their reader, and for nobody else', async () => {
  const { db } = world;
  const every = async () =>
    (await loadPreferences(db, [berlin.lead])).get(berlin.lead)?.digest?.every;
  await world.ask(mine, { method: 'PUT', as: berlin.lead, body: said });
  const path = unsubscribePath(unsubscribeToken(pagesSecret, berlin.lead));
  const stranger = await browserOf(null);
  const shown = await stranger.visit(path);
  expect(shown.text).not.toContain('<form method="post"');
  expect(shown.text).toContain(`/auth/sign-in?to=${encodeURIComponent(path)}`);
  expect((await stranger.post(path, {}, appUrl)).status).toBe(401);
  const other = unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead));
  const reader = await browserOf(berlin.lead);
  expect((await reader.post(other, {}, appUrl)).status).toBe(401);
  expect((await reader.post(path, {}, 'https://elsewhere.test')).status).toBe(403);
  expect(await every()).toBe('week');
  expect((await reader.visit(path)).text).toContain(`action="${path}"`);
  expect((await reader.post(path, {}, appUrl)).status).toBe(200);
  expect(await every()).toBe('never');
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

const mailOf = `${tokyo.lead}@example.test`;
const turnedOff = async () => {
  const { db, clock } = world;
  const off = { person: tokyo.lead, channel: 'email', address: mailOf, reason: 'bounced' } as const;
  await turnChannelOff(db, { ...off, at: clock.now() });
};
const turnOn = (as: PersonId, address = mailOf) =>
  world.ask(`/people/${tokyo.lead}/mail/turn-on`, { method: 'POST', as, body: { address } });
const isOff = () => isMailOff(world.db, tokyo.lead);

test('mail that was found to reach nobody is turned on again by its reader and those who stand over them, with the address in the directory, and says so by mail alone', async () => {
  await turnedOff();
  expect((await turnOn(tokyo.lead, 'other@example.test')).problem.code).toBe(
    'preferences.other_address',
  );
  expect((await turnOn(berlin.lead)).status).toBe(403);
  expect((await turnOn(person('nobody-at-all'))).status).toBe(401);
  expect(await isOff()).toBe(true);
  for (const by of [tokyo.lead, tokyo.manager]) {
    await turnedOff();
    const { status, json } = await turnOn(by, mailOf.toUpperCase());
    expect([status, json]).toEqual([200, { id: tokyo.lead, isOff: false }]);
    expect(await isOff()).toBe(false);
  }
  const told = await world.db
    .selectFrom('notice')
    .select(['recipient_id', 'only_channel', 'params', 'urgency'])
    .where('key', '=', 'message.channel_on')
    .orderBy('urgency')
    .execute();
  const common = { recipient_id: tokyo.lead, only_channel: 'email' };
  // Who asks for it themselves has it now; for somebody else it waits until they work.
  expect(told).toMatchObject([
    { ...common, params: { person: { person: tokyo.lead } }, urgency: 'now' },
    { ...common, params: { person: { person: tokyo.manager } }, urgency: 'working' },
  ]);
});

test('mail that is on is turned on as often as one likes and nobody is written to; that comes back each time, three times a day', async () => {
  expect((await turnOn(tokyo.lead)).status).toBe(200);
  for (const status of [200, 429]) {
    await turnedOff();
    expect((await turnOn(tokyo.lead)).status).toBe(status);
  }
  expect(await isOff()).toBe(true);
  world.clock.moveTo(world.clock.now() + 86_400_001);
  expect((await turnOn(tokyo.lead)).status).toBe(200);
});

test('a page says where one is reached and why not, takes the address of a chat, and turns mail on again', async () => {
  const { db, clock } = world;
  const browser = await browserOf(berlin.lead);
  const text = (key: string) => phraseHtml(`preferences.${key}`, {}, german);
  const send = async (fields: Record<string, string>) =>
    (await browser.visit('/preferences', fields)).text;
  const address = 'https://hooks.slack.com/services/T0/B0/secret';
  const before = (await browser.visit('/preferences')).text;
  expect(before).toContain(text('reach.not_allowed'));
  expect(before).not.toContain(text('forget_address'));
  const wrong = await send({ choice: 'keep', channel: 'slack', address: 'https://evil.test/a' });
  expect(wrong).toContain('role="alert"');
  const kept = await send({ choice: 'keep', channel: 'slack', address });
  expect(kept).toContain(text('forget_address'));
  expect(kept).not.toContain('secret');
  expect(await db.selectFrom('contact').select(['person_id', 'address']).execute()).toEqual([
    { person_id: berlin.lead, address },
  ]);
  const gone = { person: berlin.lead, channel: 'slack', address, reason: 'refused' } as const;
  await turnChannelOff(db, { ...gone, at: clock.now() });
  expect((await browser.visit('/preferences')).text).toContain(text('reach.off'));
  expect(await send({ choice: 'keep', channel: 'slack', address })).not.toContain(
    text('reach.off'),
  );
  await send({ choice: 'forget', channel: 'slack', address: '' });
  expect(await db.selectFrom('contact').selectAll().execute()).toEqual([]);
  const mail = `${berlin.lead}@example.test`;
  const off = { person: berlin.lead, channel: 'email', address: mail, reason: 'bounced' } as const;
  await turnChannelOff(db, { ...off, at: clock.now() });
  expect((await browser.visit('/preferences')).text).toContain(text('turn_on'));
  expect(await send({ choice: 'turn_on', address: 'x@y.test' })).toContain('role="alert"');
  expect(await isMailOff(db, berlin.lead)).toBe(true);
  expect(await send({ choice: 'turn_on', address: mail })).not.toContain(text('turn_on'));
  expect(await isMailOff(db, berlin.lead)).toBe(false);
  const foreign = { choice: 'keep', channel: 'slack', address };
  expect((await browser.post('/preferences', foreign, 'https://elsewhere.test')).status).toBe(403);
});

test('whoever is told that mail reaches somebody no more finds the page that turns it on again, for those they may speak for', async () => {
  const { db, clock } = world;
  const off = (who: PersonId) => {
    const address = `${who}@example.test`;
    const gone = { person: who, channel: 'email', address, reason: 'bounced' } as const;
    return turnChannelOff(db, { ...gone, at: clock.now() });
  };
  await turnedOff();
  await off(berlin.lead);
  const manager = await browserOf(tokyo.manager);
  const other = await browserOf(berlin.lead);
  const told = { key: 'message.channel_off', params: { person: { person: tokyo.lead } } };
  const notice = { id: randomUUID() as NoticeId, loopId: null, locale: null, ...told };
  const { link } = await wordsOf(db, [notice as never], { recipient: german, publicUrl: appUrl });
  expect(link).toBe(`${appUrl}${mailOffPath}`);
  expect((await manager.visit('/')).text).toContain(`href="${mailOffPath}"`);
  expect((await other.visit('/')).text).not.toContain(`href="${mailOffPath}"`);
  const shown = (await manager.visit(mailOffPath)).text;
  expect(shown).toContain(`value="${tokyo.lead}"`);
  expect(shown).not.toContain(`value="${berlin.lead}"`);
  expect((await other.visit(mailOffPath)).text).not.toContain('name="address"');
  const form = fieldsOf(shown, mailOffPath);
  const wrong = await manager.visit(mailOffPath, { ...form, address: 'x@y.test' });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('x@y.test')]);
  const right = { ...form, address: mailOf };
  const stale = await manager.visit(mailOffPath, { ...right, revision: '999' });
  expect(stale.status).toBe(412);
  expect((await other.visit(mailOffPath, right)).status).toBe(403);
  const theirs = { ...right, id: berlin.lead, address: `${berlin.lead}@example.test` };
  expect((await manager.visit(mailOffPath, theirs)).status).toBe(403);
  expect((await manager.post(mailOffPath, right, 'https://elsewhere.test')).status).toBe(403);
  expect([await isOff(), await isMailOff(db, berlin.lead)]).toEqual([true, true]);
  expect((await manager.visit(mailOffPath, right)).text).not.toContain(`value="${tokyo.lead}"`);
  expect([await isOff(), await isMailOff(db, berlin.lead)]).toEqual([false, true]);
  // Sent twice it is done once; and what was decided upon before says nothing of what came after.
  expect((await manager.visit(mailOffPath, right)).text).not.toContain('role="alert"');
  await turnedOff();
  expect((await manager.visit(mailOffPath, right)).status).toBe(412);
  const listed = async () => (await world.ask('/me/mail-off', { as: tokyo.manager })).json;
  expect(await listed()).toMatchObject({ items: [{ id: tokyo.lead }] });
  const leaves = (left_at: number | null) =>
    db.updateTable('person').set({ left_at }).where('id', '=', tokyo.lead).execute();
  await leaves(clock.now());
  expect(await listed()).toEqual({ items: [] });
  await leaves(null);
});

test('a page keeps the order of channels that was given over the API', async () => {
  const order = ['teams', 'slack', 'email'];
  await world.ask(mine, { method: 'PUT', as: berlin.lead, body: { ...said, channels: order } });
  const browser = await browserOf(berlin.lead);
  const saves = async (channel: string) => {
    const form = fieldsOf((await browser.visit('/preferences')).text, '/preferences');
    const usual = {
      quiet_from: '',
      quiet_until: '',
      every: '',
      weekday: 'mon',
      digest_at: '09:00',
    };
    await browser.visit('/preferences', { ...form, ...usual, hour_cycle: '', channel });
    return ((await world.ask(mine, { as: berlin.lead })).json as { channels: unknown }).channels;
  };
  expect(await saves('teams')).toEqual(order);
  expect(await saves('slack')).toEqual(['slack', 'teams', 'email']);
});
