import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../../api/serve.ts';
import { approvalsPath } from '../../console/budget-approvals.ts';
import { askPath } from '../../console/budget-ask.ts';
import { wayTo } from '../../console/navigation.ts';
import { offerPath } from '../../console/offer.ts';
import { changePath, planPath } from '../../console/planned-changes.ts';
import { insertContent } from '../../db/contents.ts';
import { alertRules } from '../../domain/alert/decide.ts';
import type { AccountId, ContentId, PersonId } from '../../domain/id.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import { showPseudoLocale } from '../../locales/catalogue.ts';
import { taskPath } from '../../locales/links.ts';
import { offer } from '../support/api.ts';
import { asksFor, givenAskable } from '../support/budget-asked.ts';
import { launchChromium } from '../support/chromium.ts';
import { growthPages } from '../support/growth-pages.ts';
import { freePort } from '../support/free-port.ts';
import { account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { openInRecord } from '../support/open-in-record.ts';
import { type PagesWorld, pagesWorld } from '../support/pages.ts';
import { until } from '../support/until.ts';
import { readBack } from '../support/read-back.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let pages: PagesWorld;
let served: Served;
let browser: Browser;
let appUrl: string;
let task: string;
/** A request for money of the receiver. */
let asked: string;
/** What it is kept on. */
let line: string;
const approvals = approvalsPath('world');
/** Pages of other loops, each seen by both. */
let others: readonly string[];

beforeAll(async () => {
  const port = await freePort();
  appUrl = `http://localhost:${port}`;
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead] });
  served = await serve({ app: pages.world.app, host: 'localhost', port });
  browser = await launchChromium();
  const body = offer(account, tokyo.lead);
  const made = await pages.world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  task = taskPath((made.json as { id: string }).id);
  line = `/budgets/${await givenAskable(pages.world, [berlin.lead, tokyo.lead])}`;
  asked = taskPath(await asksFor(pages.world, tokyo.lead));
  others = [
    await rotationPage(),
    await alertPage(),
    '/library',
    '/placements/draft',
    '/markets',
    approvals,
    ...(await plannedChangePages()),
  ];
});
afterAll(async () => {
  await browser.close();
  await served.stop();
  await pages.stop();
});

async function rotationPage(): Promise<string> {
  const { db, clock } = pages.world;
  const [of, at] = ['turns' as AccountId, clock.now()];
  await givenAccount(db, { id: of, owner: berlin.lead, since: at - 1_000 });
  const packet = randomUUID() as ContentId;
  const body = { severity: 'routine', summary: 'Weekly calls.', actions: [] };
  const kind = 'handoff.packet';
  await insertContent(db, { id: packet, author: berlin.lead, kind, body, at });
  const id = await openInRecord(pages.world, rotationRules, {
    type: 'start',
    actor: berlin.lead,
    account: of,
    holder: berlin.lead,
    members: [berlin.lead, tokyo.lead],
    leadMinutes: 60,
    packet,
  });
  return taskPath(id);
}

async function alertPage(): Promise<string> {
  const { db, clock } = pages.world;
  const [text, at] = [randomUUID() as ContentId, clock.now()];
  const body = { text: 'The pump has stopped.' };
  await insertContent(db, { id: text, author: tokyo.lead, kind: 'account.action', body, at });
  const id = await openInRecord(pages.world, alertRules, {
    type: 'raise',
    actor: tokyo.lead,
    account: 'turns' as AccountId,
    owner: berlin.lead,
    text,
    item: randomUUID(),
    dueAt: at + 3_600_000,
    answerMinutes: 15,
  });
  return taskPath(id);
}

/** Each of both may plan changes of the organisation, and one is planned. */
async function plannedChangePages(): Promise<readonly string[]> {
  const { db, ask } = pages.world;
  const planners = [berlin.lead, tokyo.lead];
  const admins = planners.map((person_id) => ({ person_id, role: 'admin' as const }));
  await db.insertInto('person_role').values(admins).execute();
  const change = { kind: 'account_closed', account, into: 'turns' };
  const body = { from: '2027-01-01', change };
  const made = await ask('/changes', { method: 'POST', as: berlin.lead, body });
  const { id } = made.json as { id: string };
  return [wayTo('changes'), changePath(id), planPath('policy_changed')];
}

/** What the browser itself complains of, such as something that the policy of the page forbids. */
const complaints: string[] = [];

async function signedIn(who: PersonId): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(appUrl);
  await page.click('a[href^="/auth/sign-in"]');
  await page.click(`button[value="${who}"]`);
  await page.waitForURL(`${appUrl}/`);
  return page;
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly unknown[] }[];
}

async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResults>(
    `${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  return violations.map(({ id, nodes }) => `${page.url()} ${id}: ${JSON.stringify(nodes)}`);
}

test('two people hand an account over in a browser that runs no script', async () => {
  const receiver = await signedIn(tokyo.lead);
  await receiver.click(`a[href="${task}"]`);
  await receiver.selectOption('select[name="severity"]', 'important');
  await receiver.fill('[name="firstAction"]', 'The contract is signed.');
  await receiver.fill('[name="contingency"]', readBack.contingency);
  await receiver.click('button[value="accept"]');
  await receiver.waitForURL(`${appUrl}${task}`);
  const giver = await signedIn(berlin.lead);
  await giver.click(`a[href="${task}"]`);
  expect(await giver.textContent('main')).toContain('The contract is signed.');
  await giver.click('button[value="confirm"]');
  await giver.waitForURL(`${appUrl}${task}`);
  const { status } = await pages.world.db
    .selectFrom('handoff')
    .select('status')
    .executeTakeFirstOrThrow();
  expect(status).toBe('transferred');
  await receiver.click('header button');
  await receiver.waitForURL(new RegExp(pages.provider.issuer));
  expect(complaints).toEqual([]);
});

test('a step is taken by the keyboard alone, and a refusal is where one goes on reading', async () => {
  await givenAccount(pages.world.db, {
    id: 'typed' as never,
    owner: berlin.lead,
    since: pages.world.clock.now() - 1_000,
  });
  const body = offer('typed', tokyo.lead);
  const made = await pages.world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  const { id } = made.json as { id: string };
  const page = await signedIn(tokyo.lead);
  await page.goto(`${appUrl}${taskPath(id)}`);
  expect(await page.title()).toBe('St. Hedwig Clinics · Meridian');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('a.skip');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('select');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.type('   ');
  await page.keyboard.press('Tab');
  await page.keyboard.type(readBack.contingency);
  for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key);
  await page.waitForSelector('[role="alert"]');
  expect(await focused(page)).toBe('div.alarm');
  expect(await page.title()).toMatch(/.+: St\. Hedwig Clinics · Meridian/);
  expect(await barriers(page)).toEqual([]);
  for (const key of ['Tab', 'Tab']) await page.keyboard.press(key);
  await page.keyboard.type('The contract is signed.');
  for (const key of ['Tab', 'Tab', 'Tab', 'Enter']) await page.keyboard.press(key);
  await page.waitForURL(`${appUrl}${taskPath(id)}`);
  await until('it is read back', async () => {
    const rows = pages.world.db.selectFrom('handoff').select('status').where('id', '=', id);
    return (await rows.executeTakeFirstOrThrow()).status === 'readBack';
  });
  complaints.length = 0; // a refused form is an error to the console
});

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    '[document.activeElement.tagName.toLowerCase(), ...document.activeElement.classList].join(".")',
  );

/** With every rule of axe, page by page, also on a busy machine. */
const lookedAt = { timeout: 180_000 };

test(
  'nothing on a page stands in the way of whoever cannot see it or use a mouse',
  lookedAt,
  async () => {
    const page = await signedIn(tokyo.lead);
    const found: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const usual = ['/', task, '/preferences', offerPath(account)];
      // The references are long, and of the same parts in both.
      const more =
        scheme === 'dark'
          ? [...others, askPath, asked, '/tasks/none']
          : ['/docs', '/docs/problems'];
      const shown = [...usual, ...more];
      for (const path of shown) {
        const answer = await page.goto(`${appUrl}${path}`);
        expect([path, answer?.status()]).toEqual([path, path === '/tasks/none' ? 404 : 200]);
        found.push(...(await barriers(page)));
      }
    }
    expect(found).toEqual([]);
  },
);

test(
  'what somebody learns by is in nobody’s way, and fits the smallest phone',
  lookedAt,
  async () => {
    const { lead: subject, manager } = tokyo;
    const growth = await growthPages(pages.world, { lead: berlin.lead, subject, manager });
    const page = await signedIn(berlin.lead);
    await page.setViewportSize({ width: 320, height: 640 });
    const found: string[] = [];
    for (const path of growth) {
      const answer = await page.goto(`${appUrl}${path}`);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([path, answer?.status(), width]).toEqual([path, 200, 320]);
      found.push(...(await barriers(page)));
    }
    expect(found).toEqual([]);
  },
);

test('a page fits the smallest phone', async () => {
  const page = await signedIn(berlin.lead);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of [
    '/',
    task,
    ...others,
    '/preferences',
    offerPath(account),
    askPath,
    line,
    '/docs',
  ]) {
    await page.goto(`${appUrl}${path}`);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect([path, width]).toEqual([path, 320]);
  }
});

/** A box that may scroll, and what is hidden until it is focused, is as it should be. */
const overflowing = `[...document.querySelectorAll('body *')]
  .filter((element) => {
    if (element.closest('svg') !== null) return false;
    const { overflowX, display, position } = getComputedStyle(element);
    if (overflowX !== 'visible' || display === 'inline' || position === 'absolute') return false;
    return element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
  })
  .map((element) => element.outerHTML.slice(0, 120))`;

/** An amount of money stands on one line, or it is read as another. */
const cut = `[...document.querySelectorAll('.amount')]
  .filter((element) => element.getClientRects().length > 1)
  .map((element) => element.textContent)`;

test('no box is too small for a language 40 % longer than English, on a phone or a desk', async () => {
  const { db } = pages.world;
  await db.updateTable('person').set({ locale: 'en' }).where('id', '=', tokyo.lead).execute();
  const hide = showPseudoLocale();
  try {
    const page = await signedIn(tokyo.lead);
    const scorecard = `/scorecards/account/${account}`;
    const portfolio = `/portfolio/${account}`;
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of [
        '/',
        task,
        '/preferences',
        scorecard,
        portfolio,
        offerPath(account),
        askPath,
        asked,
        approvals,
        '/budgets',
        line,
        '/tasks/none',
      ]) {
        await page.goto(`${appUrl}${path}`);
        expect(await page.textContent('main')).toContain('⟦');
        const found = await page.evaluate<string[]>(overflowing);
        found.push(...(await page.evaluate<string[]>(cut)));
        const whole = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect([path, width, found, whole]).toEqual([path, width, [], width]);
      }
    }
  } finally {
    hide();
  }
});
