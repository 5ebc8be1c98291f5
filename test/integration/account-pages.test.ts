/** Accounts as pages: who owns each, what is open, and nothing of what one may not see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { offerPath } from '../../console/offer.ts';
import { taskPath } from '../../locales/links.ts';
import { offer } from '../support/api.ts';
import { type Browser, fieldsOf, testBrowser } from '../support/browser.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { type PagesWorld, pagesWorld } from '../support/pages.ts';
import { person } from '../support/people.ts';

const appUrl = 'http://localhost:3998';
const account = 'page-account';
const path = `/portfolio/${account}`;
const london = person('london-lead');
let pages: PagesWorld;
let handoff: string;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.backup, london] });
  const { world } = pages;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
  const others = { id: 'others', name: 'Others', kind: 'partner', region_id: 'world' };
  await world.db.insertInto('team').values(others).execute();
  await world.db
    .updateTable('person')
    .set({ team_id: 'others' })
    .where('id', '=', london)
    .execute();
  const body = offer(account, tokyo.lead);
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  handoff = (made.json as { id: string }).id;
});
afterAll(() => pages.stop());

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  expect((await browser.visit(provider.url, { person: who })).status).toBe(200);
  return browser;
}

test('every page leads to the accounts, and each of them to what is open', async () => {
  const browser = await signedIn(berlin.lead);
  expect((await browser.visit('/')).text).toContain('<a href="/portfolio">Accounts</a>');
  expect((await browser.visit('/portfolio')).text).toContain(`<a href="${path}">`);
  const { status, text } = await browser.visit(path);
  expect(status).toBe(200);
  expect(text).toContain('Verantwortlich');
  expect(text).toMatch(/<title>[^<]*St\. Hedwig Clinics[^<]*<\/title>/);
  expect(text).toContain(`<a href="${taskPath(handoff)}">`);
  expect(text).toContain(offerPath(account));
  const colleague = await signedIn(tokyo.backup);
  expect((await colleague.visit(path)).text).not.toContain(offerPath(account));
});

test('an account of others is not there for a partner, neither in the list nor as a page', async () => {
  const browser = await signedIn(london);
  expect((await browser.visit('/portfolio')).text).not.toContain(path);
  expect((await browser.visit(path)).status).toBe(404);
  expect((await browser.visit('/portfolio/<b>')).status).toBe(404);
  expect((await browser.visit(offerPath(account))).status).toBe(404);
  expect((await browser.visit('/portfolio?cursor=none')).status).toBe(400);
});

const written = {
  receiver: tokyo.lead,
  severity: 'important',
  summary: 'The contract is signed.',
  situation: 'They wait for the delivery.',
  'text-1': 'Call the clinic',
  'owner-1': tokyo.lead,
  'due-1': '2026-12-01T09:30',
  'when-0': 'It is late',
  'response-0': 'Tell purchasing first',
};

async function offers(account: string, words: Readonly<Record<string, string>>) {
  const since = pages.world.clock.now() - 1_000;
  await givenAccount(pages.world.db, { id: account as never, owner: berlin.lead, since });
  const browser = await signedIn(berlin.lead);
  const form = offerPath(account);
  const send = async (more: Readonly<Record<string, string>> = {}) =>
    browser.visit(form, { ...fieldsOf((await browser.visit(form)).text, form), ...words, ...more });
  return { browser, form, send };
}

test('an account is offered by a form, with what is due on the customer’s clock', async () => {
  const { browser, form, send } = await offers('offered-by-form', written);
  const offered = await send();
  expect(offered.url).toMatch(/\/tasks\/[0-9a-f-]{36}$/);
  const id = offered.url.split('/').at(-1) ?? '';
  const { json } = await pages.world.ask(`/handoffs/${id}`, { as: berlin.lead });
  expect(json).toMatchObject({
    status: 'offered',
    receiver: { id: tokyo.lead },
    packet: {
      actions: [
        {
          text: 'Call the clinic',
          dueAt: '2026-12-01T08:30:00.000Z',
          dueAtSite: '2026-12-01T09:30+01:00[Europe/Berlin]',
        },
      ],
      contingencies: [{ when: 'It is late', response: 'Tell purchasing first' }],
    },
  });
  const again = await browser.visit(form, { ...written, key: crypto.randomUUID() });
  expect(again.status).toBe(409);
});

test('a form that is not taken keeps every word and says what is wrong, and nothing is offered', async () => {
  const { send } = await offers('not-taken', { ...written, 'due-1': 'soon', receiver: 'nobody' });
  const refused = await send();
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('role="alert"');
  expect(refused.text).toContain('They wait for the delivery.');
  expect(refused.text).toContain('value="Call the clinic"');
  const unknown = await send({ 'due-1': '2026-12-01T09:30' });
  expect([unknown.status, unknown.text.includes('value="nobody"')]).toEqual([422, true]);
});

test('a form that is not taken says of each field that is wrong which one it is', async () => {
  const { send } = await offers('named-fields', { ...written, 'due-1': 'soon' });
  const { text } = await send({ 'response-0': '' });
  expect(text).toMatch(/<strong>Aufgabe 2 · [^<]+<\/strong>: /);
  expect(text).toMatch(/<strong>Fall 1 · [^<]+<\/strong>: /);
});

test('what is open beside handoffs is led to from its account, for whoever may see it', async () => {
  const { db } = pages.world;
  const id = crypto.randomUUID() as LoopId;
  await db
    .insertInto('loop_instance')
    .values({ id, loop: 'cover', sequence: 1, account_id: account })
    .execute();
  await db.insertInto('loop_party').values({ loop_id: id, person_id: berlin.lead }).execute();
  expect((await (await signedIn(berlin.lead)).visit(path)).text).toContain(
    `<a href="${taskPath(id)}">`,
  );
  expect((await (await signedIn(tokyo.backup)).visit(path)).text).not.toContain(id);
});

test('where there is no page, whoever is signed in is told so in their language, with a way on', async () => {
  const { status, text } = await (await signedIn(berlin.lead)).visit('/no-such-page');
  expect(status).toBe(404);
  expect(text).toContain('<html lang="de"');
  expect(text).toContain('<a href="/portfolio">');
});

test('what the rules warn of is offered once each place is named', async () => {
  const summary = 'We agreed to pay the surgeon 90,000 EUR for using it off-label.';
  const { send } = await offers('flagged', { ...written, summary });
  const warned = await send();
  expect(warned.status).toBe(422);
  const names = [...warned.text.matchAll(/name="(flag [^"]+)"/g)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(0);
  const named = await send(Object.fromEntries(names.map((name) => [name, 'yes'])));
  expect(named.url).toContain('/tasks/');
});

test('pages of accounts are for those who are signed in', async () => {
  for (const of of ['/portfolio', path]) {
    const { url } = await testBrowser(pages.world.app, appUrl).visit(of);
    expect(url).toContain(pages.provider.issuer);
  }
});

test('whoever signs in on the way comes to the page with all that was asked of it', async () => {
  const browser = testBrowser(pages.world.app, appUrl);
  const wanted = `/scorecards/account/${account}?period=2026-Q3`;
  const provider = await browser.visit(wanted);
  const { url, status } = await browser.visit(provider.url, { person: berlin.lead });
  expect([url, status]).toEqual([`${appUrl}${wanted}`, 200]);
});

test('an account that closed says so, leads to the one it is part of, and offers nothing any more', async () => {
  const { db, clock } = pages.world;
  const since = clock.now() - 1_000;
  await givenAccount(db, { id: 'closed-account' as never, owner: berlin.lead, since });
  const closed = { closed_at: clock.now(), merged_into: account };
  await db.updateTable('account').set(closed).where('id', '=', 'closed-account').execute();
  const browser = await signedIn(berlin.lead);
  const { text } = await browser.visit('/portfolio/closed-account');
  expect(text).toMatch(new RegExp(`<a href="${path}">\\s*<bdi>St. Hedwig Clinics</bdi>`));
  expect(text).not.toContain(offerPath('closed-account'));
  expect((await browser.visit('/portfolio')).text).not.toContain('/portfolio/closed-account');
});
