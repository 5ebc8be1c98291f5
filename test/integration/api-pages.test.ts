import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IdentityProvider } from '../../bin/embedded/identity-provider.ts';
import { turnChannelOff } from '../../db/channel-off.ts';
import type { PersonId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { phraseHtml, recipientFor } from '../../locales/render.ts';
import { type ApiWorld, offer } from '../support/api.ts';
import { type Browser, fieldsOf, testBrowser, type Visited } from '../support/browser.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { type PagesWorld, pagesWorld } from '../support/pages.ts';
import { person } from '../support/people.ts';
import { readBack } from '../support/read-back.ts';

const appUrl = 'http://localhost:3999';
const london = person('london-lead');
let pages: PagesWorld;
let provider: IdentityProvider;
let world: ApiWorld;
let id: string;
let accounts = 0;

beforeAll(async () => {
  const people = [berlin.lead, berlin.manager, tokyo.lead, london, tokyo.backup];
  pages = await pagesWorld({ appUrl, people, unlinked: [tokyo.backup] });
  ({ provider, world } = pages);
});
afterAll(() => pages.stop());

beforeEach(async () => {
  const account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
  const body = { ...offer(account, tokyo.lead), summary: 'Signed <b>today</b> & delivered.' };
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  ({ id } = made.json as { id: string });
});

async function choose(browser: Browser, at: Visited, who: PersonId): Promise<Visited> {
  expect(at.url).toContain(provider.issuer);
  return browser.visit(at.url, { person: who });
}
async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(world.app, appUrl);
  const home = await choose(browser, await browser.visit('/auth/sign-in'), who);
  expect([home.url, home.status]).toEqual([`${appUrl}/`, 200]);
  return browser;
}
const formOf = async (browser: Browser): Promise<Record<string, string>> =>
  fieldsOf((await browser.visit(taskPath(id))).text, taskPath(id));
const statusNow = async (): Promise<string> =>
  (
    await world.db
      .selectFrom('handoff')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

describe('signing in', () => {
  test('a stranger is asked to, and comes back to where the link pointed', async () => {
    const browser = testBrowser(world.app, appUrl);
    expect((await browser.visit('/')).text).toContain('/auth/sign-in');
    const page = await choose(browser, await browser.visit(taskPath(id)), tokyo.lead);
    expect([page.url, page.status]).toEqual([`${appUrl}${taskPath(id)}`, 200]);
  });

  test.each([
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '/.//evil.test',
    '/auth/sign-in',
  ])('nobody is sent on to %j', async (to) => {
    const browser = testBrowser(world.app, appUrl);
    const chosen = await browser.visit(`/auth/sign-in?to=${encodeURIComponent(to)}`);
    expect((await choose(browser, chosen, tokyo.lead)).url).toBe(`${appUrl}/`);
  });

  test('whoever mail does not reach any more is told so when they sign in, until the address is another', async () => {
    const { db, clock } = world;
    const told = phraseHtml(
      'page.mail_off',
      {},
      recipientFor({ locale: 'ja', zone: 'Asia/Tokyo' }),
    );
    const home = async () => (await (await signedIn(tokyo.lead)).visit('/')).text;
    expect(await home()).not.toContain(told);
    const address = `${tokyo.lead}@example.test`;
    const off = { person: tokyo.lead, channel: 'email', address, reason: '5.1.1' } as const;
    await turnChannelOff(db, { ...off, at: clock.now() });
    expect(await home()).toContain(told);
    // Nobody else reads of it.
    expect(await (await signedIn(berlin.lead)).visit('/')).not.toMatchObject({
      text: expect.stringContaining('role="status"') as string,
    });
    await db
      .updateTable('person')
      .set({ email: 'new@example.test' })
      .where('id', '=', tokyo.lead)
      .execute();
    expect(await home()).not.toContain(told);
  });

  test('a session is worth nothing to whoever reads the database', async () => {
    const browser = await signedIn(tokyo.lead);
    const [token] = [...browser.cookies]
      .filter(([key]) => key.endsWith('meridian_session'))
      .map(([, value]) => value);
    const rows = await world.db.selectFrom('session').select('token_hash').execute();
    for (const { token_hash } of rows) {
      expect(Buffer.from(token_hash).toString('base64url')).not.toBe(token);
    }
  });

  test('a way back that this browser did not begin signs nobody in', async () => {
    const other = testBrowser(world.app, appUrl);
    await other.visit('/auth/sign-in');
    const answer = await world.app.request(`${appUrl}/auth/callback?code=stolen&state=other`);
    expect(answer.headers.get('location')).toBe('/auth/sign-in');
    const forged = await other.visit('/auth/callback?code=stolen&state=other');
    expect(forged.status).toBe(401);
  });

  test('nobody linked to the sign-in is nobody', async () => {
    const browser = testBrowser(world.app, appUrl);
    const page = await choose(browser, await browser.visit('/auth/sign-in'), tokyo.backup);
    expect(page.status).toBe(401);
    expect(page.text).toContain('Nobody is linked');
  });

  test('signing out ends the session here and at the provider', async () => {
    const browser = await signedIn(tokyo.lead);
    const out = await browser.post('/auth/sign-out', {}, appUrl);
    expect(out.url).toContain(provider.issuer);
    expect((await browser.visit('/')).text).toContain('/auth/sign-in');
  });

  test('leaving ends the session at once', async () => {
    const browser = await signedIn(london);
    const leaving = world.db.updateTable('person').where('id', '=', london);
    await leaving.set({ left_at: world.clock.now() }).execute();
    expect((await browser.visit('/')).text).toContain('/auth/sign-in');
    const again = await browser.visit('/auth/sign-in');
    expect([again.status, again.text.includes('has left')]).toEqual([401, true]);
    await leaving.set({ left_at: null }).execute();
  });
});

describe('a task', () => {
  test('is in the inbox of whoever is asked, in their language', async () => {
    const { text } = await (await signedIn(tokyo.lead)).visit('/');
    expect(text).toContain(taskPath(id));
    expect(text).toContain('<html lang="ja" dir="ltr">');
    const others = await (await signedIn(berlin.lead)).visit('/');
    expect(others.text).not.toContain(taskPath(id));
  });

  test('shows what people wrote as they wrote it, and never as markup', async () => {
    const { text } = await (await signedIn(tokyo.lead)).visit(taskPath(id));
    expect(text).toContain('Signed &lt;b&gt;today&lt;/b&gt; &amp; delivered.');
    expect(text).not.toMatch(/<script|style=|onclick/);
  });

  test('is not there for whoever may not see it', async () => {
    const page = await (await signedIn(london)).visit(taskPath(id));
    expect(page.status).toBe(404);
    expect((await (await signedIn(london)).visit('/tasks/garbage')).status).toBe(404);
  });

  test('opened changes nothing', async () => {
    const browser = await signedIn(tokyo.lead);
    await browser.visit(taskPath(id));
    expect(await statusNow()).toBe('offered');
  });

  test('is read back and confirmed by the two people it is about', async () => {
    const receiver = await signedIn(tokyo.lead);
    const form = { ...(await formOf(receiver)), choice: 'accept', ...readBack };
    const after = await receiver.visit(taskPath(id), form);
    expect([after.url, after.status]).toEqual([`${appUrl}${taskPath(id)}`, 200]);
    expect(await statusNow()).toBe('readBack');
    const giver = await signedIn(berlin.lead);
    await giver.visit(taskPath(id), { ...(await formOf(giver)), choice: 'confirm' });
    expect(await statusNow()).toBe('transferred');
  });

  test('settled twice by the same form is settled once, without a complaint', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = { ...(await formOf(browser)), choice: 'ask', text: 'By when?' };
    const first = await browser.visit(taskPath(id), form);
    const again = await browser.visit(taskPath(id), form);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.text).not.toContain('role="alert"');
    const asked = await world.db
      .selectFrom('transition')
      .select('sequence')
      .where('loop_id', '=', id)
      .where('command_type', '=', 'ask')
      .execute();
    expect(asked).toHaveLength(1);
  });

  test('that changed meanwhile is not settled, and what was written is kept', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = await formOf(browser);
    const text = 'All is <clear> to me.';
    const stale = await browser.visit(taskPath(id), {
      ...form,
      revision: '99',
      choice: 'accept',
      ...readBack,
      text,
    });
    expect(stale.status).toBe(412);
    expect(stale.text).toContain('All is &lt;clear&gt; to me.');
    expect(fieldsOf(stale.text, taskPath(id))['key']).not.toBe(form['key']);
    expect(await statusNow()).toBe('offered');
  });

  test('that somebody else settled says who and with what, and offers no form for it any more', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = await formOf(browser);
    await world.ask(`/handoffs/${id}/withdraw`, {
      method: 'POST',
      as: berlin.lead,
      body: { text: 'The clinic moves.' },
    });
    const late = { ...form, choice: 'accept', ...readBack, text: 'All is <clear> to me.' };
    const page = await browser.visit(taskPath(id), late);
    expect([409, 412]).toContain(page.status);
    const [, news = ''] = page.text.split('その間にあったこと');
    expect(news.slice(0, news.indexOf('</ol>'))).toMatch(
      /Name of berlin-lead.*The clinic moves\./s,
    );
    expect(page.text).toContain('All is &lt;clear&gt; to me.');
    expect(page.text).not.toContain('value="accept"');
    const opened = await browser.visit(taskPath(id));
    expect(opened.text).not.toContain('その間にあったこと');
  });

  test('sent after the session had ended keeps what was written', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = {
      ...(await formOf(browser)),
      choice: 'accept',
      ...readBack,
      text: 'All is <clear> to me.',
    };
    await world.db.deleteFrom('session').execute();
    const page = await browser.visit(taskPath(id), form);
    expect(page.status).toBe(401);
    expect(page.text).toContain('All is &lt;clear&gt; to me.');
    expect(page.text).toContain(`/auth/sign-in?to=${encodeURIComponent(taskPath(id))}`);
    const foreign = await browser.post(taskPath(id), form, 'https://evil.test');
    expect([foreign.status, foreign.text.includes('to me.')]).toEqual([403, false]);
    expect(await statusNow()).toBe('offered');
  });

  test('is not settled without words, nor by a form that is none of ours', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = await formOf(browser);
    const empty = await browser.visit(taskPath(id), { ...form, choice: 'ask', text: '  ' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('空にはできません。');
    const long = { ...form, choice: 'ask', text: 'a'.repeat(5_000) };
    expect((await browser.visit(taskPath(id), long)).text).toContain('文字数の上限');
    expect((await browser.visit(taskPath(id), { ...form, choice: 'delete' })).status).toBe(422);
    expect((await browser.visit(taskPath(id), {})).status).toBe(422);
    expect(await statusNow()).toBe('offered');
  });

  test.each(['https://evil.test', 'null', `${appUrl}.evil.test`])(
    'is not settled by a page of %s',
    async (origin) => {
      const browser = await signedIn(tokyo.lead);
      const form = { ...(await formOf(browser)), choice: 'accept', ...readBack };
      expect((await browser.post(taskPath(id), form, origin)).status).toBe(403);
      expect(await statusNow()).toBe('offered');
    },
  );

  test('takes a comment once, however often its form is sent, and from no other page', async () => {
    const browser = await signedIn(tokyo.lead);
    const form = { ...(await formOf(browser)), choice: 'comment', text: 'Ask <b>them</b> first.' };
    expect((await browser.post(taskPath(id), form, 'https://evil.test')).status).toBe(403);
    await browser.visit(taskPath(id), form);
    const page = await browser.visit(taskPath(id), form);
    expect(page.text.split('Ask &lt;b&gt;them&lt;/b&gt; first.').length).toBe(2);
    expect((await browser.visit(taskPath(id), { ...form, text: ' ' })).status).toBe(422);
    expect(await statusNow()).toBe('offered');
  });

  test('is not settled by a stranger', async () => {
    const browser = testBrowser(world.app, appUrl);
    const page = await browser.visit(taskPath(id), { choice: 'accept' });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      401,
      'text/html; charset=UTF-8',
    ]);
  });

  test('of a principal is settled by the delegate, who is named beside', async () => {
    const at = world.clock.now();
    await world.db
      .insertInto('delegation')
      .values({
        id: `delegation-${accounts}`,
        principal_id: tokyo.lead,
        delegate_id: london,
        period: `[${new Date(at - 1000).toISOString()},${new Date(at + 1000).toISOString()})`,
      })
      .execute();
    const browser = await signedIn(london);
    expect((await browser.visit('/')).text).toContain(taskPath(id));
    const form = { ...(await formOf(browser)), choice: 'accept', ...readBack };
    expect(form).toMatchObject({ onBehalfOf: tokyo.lead });
    const after = await browser.visit(taskPath(id), form);
    expect(after.status).toBe(200);
    const step = await world.db
      .selectFrom('transition')
      .select(['actor_id', 'on_behalf_of'])
      .where('loop_id', '=', id)
      .where('command_type', '=', 'readBack')
      .executeTakeFirstOrThrow();
    expect(step).toEqual({ actor_id: london, on_behalf_of: tokyo.lead });
  });
});

test('everything a page loads is our own', async () => {
  const { headers, text } = await testBrowser(world.app, appUrl).visit('/assets/meridian.css');
  expect(headers.get('content-type')).toContain('text/css');
  const fonts = [...text.matchAll(/url\(([^)]+)\)/g)].map(([, url]) => url ?? '');
  expect(fonts.length).toBeGreaterThan(100);
  expect(fonts.filter((url) => !url.startsWith('/assets/fonts/'))).toEqual([]);
  const font = await world.app.request(fonts[0] ?? '');
  expect([font.status, font.headers.get('content-type')]).toEqual([200, 'font/woff2']);
  expect((await world.app.request('/assets/fonts/..%2f..%2fpackage.json')).status).toBe(404);
});

test('the reference is a page to read, with every operation and every problem', async () => {
  const browser = testBrowser(world.app, appUrl);
  expect((await browser.visit('/docs')).text).toContain('POST /handoffs/{id}/accept');
  expect((await browser.visit('/docs/problems')).text).toContain('id="handoff.not_read_back"');
});

describe('a scorecard', () => {
  const path = () => `/scorecards/account/account-${accounts}`;

  test('is a table of sentences, in the language of whoever is signed in', async () => {
    const browser = await signedIn(berlin.lead);
    const page = await browser.visit(path());
    expect(page.status).toBe(200);
    expect(page.text).toContain('<h1>Kennzahlen: <bdi>St. Hedwig Clinics</bdi></h1>');
    const cells = [...page.text.matchAll(/<th scope="row">([^<]*)<\/th>\s*<td>([^<]*)</g)];
    expect(cells.map(([, name, sentence]) => [name, sentence])).toEqual([
      ['Übergaben', 'Angebotene Übergaben: 1.'],
      ['Von niemandem angenommen', expect.stringMatching(/: 0\.$/) as string],
      ['Zeit bis zur Annahme', 'In diesem Zeitraum wurde keine Übergabe wiedergegeben.'],
      ['Auf Anhieb richtige Wiedergaben', 'In diesem Zeitraum wurde keine Übergabe bestätigt.'],
      ['Überfällige Aufgaben', expect.stringMatching(/: \d+\.$/) as string],
      [
        'Erwartete Zeit bis zur Annahme',
        expect.stringMatching(/Übergaben 0, nötig 8\.$/) as string,
      ],
    ]);
  });

  test('leads to the quarter before, and on only as far as time has come', async () => {
    const browser = await signedIn(berlin.lead);
    expect((await browser.visit(path())).text).not.toContain('period=2027-Q1');
    const before = await browser.visit(`${path()}?period=2026-Q3`);
    expect(before.text).toContain(`${path()}?period=2026-Q2`);
    expect(before.text).toContain(`${path()}?period=2026-Q4`);
  });

  test('is for those who are signed in, of what there is, and of a quarter', async () => {
    const stranger = testBrowser(world.app, appUrl);
    expect((await stranger.visit(path())).url).toContain(provider.issuer);
    const browser = await signedIn(berlin.lead);
    const status = async (of: string) => (await browser.visit(of)).status;
    expect(await status('/scorecards/account/nothing')).toBe(404);
    expect(await status('/scorecards/person/berlin-lead')).toBe(404);
    expect(await status(`${path()}?period=lately`)).toBe(422);
  });
});
