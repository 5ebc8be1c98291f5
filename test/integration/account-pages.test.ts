/** Accounts as pages: who owns each, what is open, and nothing of what one may not see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { offer } from '../support/api.ts';
import { type Browser, testBrowser } from '../support/browser.ts';
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
  pages = await pagesWorld({ appUrl, people: [berlin.lead, london] });
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
  expect(text).toContain(`<a href="${taskPath(handoff)}">`);
});

test('an account of others is not there for a partner, neither in the list nor as a page', async () => {
  const browser = await signedIn(london);
  expect((await browser.visit('/portfolio')).text).not.toContain(path);
  expect((await browser.visit(path)).status).toBe(404);
  expect((await browser.visit('/portfolio/<b>')).status).toBe(404);
  expect((await browser.visit('/portfolio?cursor=none')).status).toBe(400);
});

test('pages of accounts are for those who are signed in', async () => {
  for (const of of ['/portfolio', path]) {
    const { url } = await testBrowser(pages.world.app, appUrl).visit(of);
    expect(url).toContain(pages.provider.issuer);
  }
});
