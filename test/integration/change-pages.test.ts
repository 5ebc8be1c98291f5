/** Planned changes as pages: seen first, planned, shown, cancelled; and for nobody who may not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changePath, planPath } from '../../console/planned-changes.ts';
import type { PersonId } from '../../domain/id.ts';
import { type Browser, fieldsOf, testBrowser } from '../support/browser.ts';
import { admin, berlin, givenOrganisation } from '../support/change-story.ts';
import { operator } from '../support/handoff-organisation.ts';
import { type PagesWorld, pagesWorld } from '../support/pages.ts';

const appUrl = 'http://localhost:3997';
const list = '/planned-changes';
let pages: PagesWorld;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [admin, operator, berlin.lead], unlinked: [admin] });
  const { world, provider } = pages;
  await givenOrganisation(world.db, world.clock.now());
  await world.db
    .insertInto('identity')
    .values({ issuer: provider.issuer, subject: admin, person_id: admin })
    .execute();
});
afterAll(() => pages.stop());

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  expect((await browser.visit(provider.url, { person: who })).status).toBe(200);
  return browser;
}

const changes = async () =>
  (await pages.world.db.selectFrom('directory_change').select(['id', 'status']).execute()).map(
    ({ id, status }) => ({ id, status }),
  );

/** Sends the form of a page of its own, with what was typed. */
async function send(browser: Browser, path: string, typed: Readonly<Record<string, string>>) {
  const { text } = await browser.visit(path);
  return browser.visit(path, { ...fieldsOf(text, path), ...typed });
}

const merging = {
  region: 'world',
  into: 'europe',
  offices: 'move',
  from: '2026-12-01',
};

test('a change is planned only after it was seen, as it was seen, and once however often it is sent', async () => {
  const browser = await signedIn(admin);
  expect((await browser.visit('/')).text).toContain(`<a href="${list}">Planned changes</a>`);
  const path = planPath('region_merged');
  expect((await browser.visit(list)).text).toContain(`<a href="${path}">`);
  expect((await browser.visit(path)).text).not.toContain('value="plan"');
  const seen = await send(browser, path, { ...merging, choice: 'preview' });
  expect(seen.text).toContain('What would happen');
  expect(seen.text).toContain('Name of dealer-lead');
  expect(await changes()).toEqual([]);
  const [, planForm = ''] = seen.text.split('What would happen');
  const planned = { ...fieldsOf(planForm, path), choice: 'plan' };
  expect(planned).toMatchObject(merging);
  const made = await browser.visit(path, planned);
  const again = await browser.visit(path, planned);
  const [change, ...others] = await changes();
  expect(others).toEqual([]);
  expect([made.url, again.url]).toEqual(
    [1, 2].map(() => `${appUrl}${changePath(change?.id ?? '')}`),
  );
  expect(made.text).toContain('becomes part of');
  expect((await browser.visit(list)).text).toContain(changePath(change?.id ?? ''));
});

test('what is wrong with a change is said of its field, and nothing that was typed is lost', async () => {
  const browser = await signedIn(admin);
  const path = planPath('clearance_lost');
  const typed = { product: 'stent', countries: 'Germany', from: '2026-12-01', choice: 'preview' };
  const refused = await send(browser, path, typed);
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/<strong>Countries by their two letters.*<\/strong>/);
  expect(refused.text).toContain('value="Germany"');
  const gone = await send(browser, path, {
    ...typed,
    countries: 'de ; CH',
    product: '<b>none</b>',
  });
  expect(gone.text).toContain('It cannot be made');
  expect(gone.text).not.toContain('<b>none</b>');
  expect(gone.text).not.toContain('value="plan"');
  const past = await send(browser, path, { ...typed, countries: '', from: '2020-01-01' });
  expect(past.text).toContain('role="alert"');
});

test('a policy takes what it may be as a number, a word or JSON, and says at its field what it may be', async () => {
  const browser = await signedIn(admin);
  const path = planPath('policy_changed');
  const base = { region: '', from: '2026-12-01', choice: 'plan' };
  const form = await browser.visit(path);
  expect(form.text).toContain('<option value="budget.carry_over"');
  for (const [policy, value] of [
    ['alert.minutes', '30'],
    ['exchange.machineTranslation', 'true'],
    ['digest.wish', '{"every": "never"}'],
  ] as const) {
    expect((await send(browser, path, { ...base, policy, value })).status).toBe(200);
  }
  const wrong = await send(browser, path, {
    ...base,
    policy: 'budget.clock',
    value: '{"lapseMinutes": "<b>soon</b>"}',
  });
  expect(wrong.text).toMatch(
    /<strong>[^<]+<\/strong>: .*budget\.clock\.lapseMinutes.* from 1 to 525,600/,
  );
  expect(wrong.text).not.toContain('<b>soon');
  const unknown = await send(browser, path, { ...base, policy: 'alert.hours', value: '1' });
  expect(unknown.text).toMatch(/<strong>[^<]+<\/strong>: .*alert\.minutes/);
  const rows = await pages.world.db
    .selectFrom('directory_change')
    .select('change')
    .where('kind', '=', 'policy_changed')
    .execute();
  const values = rows.map(({ change }) => (change as { value: unknown }).value);
  expect(values).toEqual([30, true, { every: 'never' }]);
});

test('a dissolved team may leave nothing behind', async () => {
  const browser = await signedIn(admin);
  const left = await send(browser, planPath('team_dissolved'), {
    team: 'empty',
    into: '',
    people: 'leave',
    from: '2026-12-02',
    choice: 'preview',
  });
  expect(left.text).toContain('Nothing is planned yet');
});

test('a planned change is cancelled by its page, and says who did', async () => {
  const browser = await signedIn(admin);
  const [change] = (await changes()).filter(({ status }) => status === 'scheduled');
  const path = changePath(change?.id ?? '');
  const cancelled = await send(browser, path, {});
  expect(cancelled.text).toContain('Cancelled');
  expect(cancelled.text).toContain('Name of admin');
  expect(cancelled.text).not.toContain('<form method="post" action="/planned-changes/');
});

test('an operator reads planned changes and plans none; for everybody else there are none', async () => {
  const reader = await signedIn(operator);
  const [change] = await changes();
  const one = changePath(change?.id ?? '');
  expect((await reader.visit('/')).text).toContain(list);
  expect((await reader.visit(list)).text).not.toContain(planPath('region_merged'));
  expect((await reader.visit(one)).status).toBe(200);
  expect((await reader.visit(planPath('region_merged'))).status).toBe(403);
  const [open] = (await changes()).filter(({ status }) => status === 'scheduled');
  const key = '6f1c3a52-0d5e-4a57-9f55-2f4f2f0b7a11';
  expect((await reader.visit(changePath(open?.id ?? ''), { key })).status).toBe(403);
  const lead = await signedIn(berlin.lead);
  expect((await lead.visit('/')).text).not.toContain(list);
  const stranger = testBrowser(pages.world.app, appUrl);
  for (const path of [list, one, planPath('region_merged'), planPath('unheard'), `${list}/x`]) {
    expect([path, (await lead.visit(path)).status]).toEqual([path, 404]);
    expect([path, (await stranger.visit(path)).url]).not.toEqual([path, `${appUrl}${path}`]);
  }
  expect((await lead.visit(one, { key })).status).toBe(404);
  const plan = { ...merging, key, choice: 'plan' };
  expect((await lead.visit(planPath('region_merged'), plan)).status).toBe(404);
  const planner = await signedIn(admin);
  expect((await planner.visit(planPath('unheard'))).status).toBe(404);
});
