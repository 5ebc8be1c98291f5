/** Asking for money, adding a file and seeing what waits, as pages without a script. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachmentBytesMax } from '../../../domain/budget/attachment.ts';
import type { PersonId } from '../../../domain/id.ts';
import { taskPath } from '../../../locales/links.ts';
import type { ApiWorld } from '../../support/api.ts';
import { type Browser, fieldsOf, testBrowser } from '../../support/browser.ts';
import { askedFields, asksFor, givenAskable } from '../../support/budget-asked.ts';
import { berlin, tokyo } from '../../support/handoff-organisation.ts';
import { pagesWorld, type PagesWorld } from '../../support/pages.ts';

const appUrl = 'https://meridian.test';
const ask = '/budgets/ask';
const approvals = '/budgets/approvals/world';
let pages: PagesWorld;
let world: ApiWorld;
let line: string;
let requester: Browser;
let reader: Browser;
let stranger: Browser;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.manager, tokyo.lead] });
  ({ world } = pages);
  await world.db.updateTable('person').set({ locale: 'en' }).execute();
  line = await givenAskable(world, [tokyo.manager]);
  requester = await signedIn(berlin.lead);
  reader = await signedIn(tokyo.manager);
  stranger = await signedIn(tokyo.lead);
});
afterAll(() => pages.stop());

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  expect((await browser.visit(provider.url, { person: who })).status).toBe(200);
  return browser;
}

const reserved = async () =>
  (
    await world.db
      .selectFrom('budget_line')
      .select('reserved')
      .where('id', '=', line)
      .executeTakeFirstOrThrow()
  ).reserved;

const requests = async () => world.db.selectFrom('budget_request').select('id').execute();

/** What the fields of a page hold. */
const held = (page: string) => ({
  title: /name="title"\s+value="([^"]*)"/.exec(page)?.[1],
  why: /<textarea[^>]*id="why"[^>]*>\s*([^<]*)</.exec(page)?.[1],
  kind: /<option value="(\w+)" selected/.exec(page)?.[1],
  fee: /name="fee"\s+value="([^"]*)"/.exec(page)?.[1],
  ends: /name="ends"\s+value="([^"]*)"/.exec(page)?.[1],
});
const { title, why, kind, fee, ends } = askedFields;

const sentForm = async (choice: string, changes: object = {}) => ({
  ...fieldsOf((await requester.visit(ask)).text, ask),
  ...askedFields,
  choice,
  ...changes,
});

test('a refused form keeps every word, and nothing of it is kept on the line', async () => {
  const wrong = { fee: '4000.005' };
  for (const choice of ['preview', 'submit']) {
    const answer = await requester.visit(ask, await sentForm(choice, wrong));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('role="alert"');
    expect(held(answer.text)).toEqual({ title, why, kind, ends, fee: wrong.fee });
  }
  const unsaid = await requester.visit(ask, await sentForm('submit', { professionals: '' }));
  expect(unsaid.status).toBe(422);
  const more = await requester.visit(ask, await sentForm('submit', { fee: '99000.00' }));
  expect(more.status).toBe(409);
  expect(await reserved()).toBe(0n);
});

test('the route is shown first and keeps nothing; the same form then submits, once however often sent', async () => {
  const spoken = { purpose: ' Leadership ' };
  const preview = await requester.visit(ask, await sentForm('preview', spoken));
  expect(preview.status).toBe(200);
  expect(preview.text).toContain(`Name of ${berlin.manager}`);
  expect(preview.text).toContain('If nobody answers');
  expect(held(preview.text)).toEqual({ title, why, kind, fee, ends });
  expect([await reserved(), await requests()]).toEqual([0n, []]);
  const again = { ...fieldsOf(preview.text, ask), ...askedFields, choice: 'submit' };
  const [first, second] = [await requester.visit(ask, again), await requester.visit(ask, again)];
  const [request] = await requests();
  expect(first.url).toBe(`${appUrl}${taskPath(request?.id ?? '')}`);
  expect(second.url).toBe(first.url);
  expect(first.text).toContain(title);
  expect([await reserved(), (await requests()).length]).toEqual([480_000n, 1]);
});

test('whoever asks is offered the purposes of their region by name, and no figure', async () => {
  expect((await requester.visit('/budgets')).text).not.toContain(`/budgets/${line}`);
  const { text } = await requester.visit(ask);
  const offered = (list: string) =>
    [
      ...(text.split(`<datalist id="${list}">`)[1]?.split('</datalist>')[0] ?? '').matchAll(
        /value="([^"]*)"/g,
      ),
    ].map(([, value]) => value);
  expect([offered('purposes'), offered('currencies')]).toEqual([['leadership'], ['EUR']]);
  expect(text).not.toContain('10,000');
});

test('a form that no page of ours sent asks for nothing', async () => {
  const form = await sentForm('submit');
  expect((await requester.post(ask, form, 'https://elsewhere.test')).status).toBe(403);
  expect((await requester.visit(ask, { ...form, choice: 'approve' })).status).toBe(422);
  expect((await testBrowser(world.app, appUrl).visit(ask, form)).status).toBe(401);
  expect((await requests()).length).toBe(1);
});

test('a file is added on the page of the request, judged by its bytes, and once', async () => {
  const [request] = await requests();
  const task = taskPath(request?.id ?? '');
  const to = `${task}/attachments`;
  const fields = async () => fieldsOf((await requester.visit(task)).text, to);
  const multipart = async (bytes: string, name: string, given?: object) => {
    const form = new FormData();
    const all = Object.entries(given ?? (await fields()));
    for (const [key, value] of all) form.set(key, String(value));
    form.set('file', new File([bytes], name));
    return form;
  };
  const pdf = '%PDF-1.7 an offer';
  const known = await fields();
  const added = await requester.visit(to, await multipart(pdf, '../offer.exe', known));
  await requester.visit(to, await multipart(pdf, '../offer.exe', known));
  expect([added.status, added.url]).toEqual([200, `${appUrl}${task}`]);
  expect(added.text).toContain('offer.pdf');
  const refused = {
    'budget.attachment_type': ['<script>', ''],
    'budget.attachment_too_large': [`%PDF-${'x'.repeat(attachmentBytesMax)}`],
  };
  for (const bytes of Object.values(refused).flat()) {
    const answer = await requester.visit(to, await multipart(bytes, 'offer.pdf'));
    expect([bytes.length, answer.status]).toEqual([bytes.length, bytes.length > 9 ? 413 : 422]);
    expect(answer.text).toContain('role="alert"');
  }
  const huge = await multipart('x'.repeat(8 * 1_048_576), 'offer.pdf');
  expect((await requester.visit(to, huge)).status).toBe(413);
  expect((await requester.visit(to, { ...known, file: 'offer.pdf' })).status).toBe(422);
  const foreign = await multipart(pdf, 'offer.pdf');
  expect((await requester.post(to, foreign, 'https://elsewhere.test')).status).toBe(403);
  expect((await stranger.visit(to, foreign)).status).toBe(404);
  expect((await requester.visit('/tasks/none/attachments', foreign)).status).toBe(404);
  expect((await testBrowser(world.app, appUrl).visit(to, foreign)).status).toBe(401);
  expect((await requester.visit(to)).url).toBe(`${appUrl}${task}`);
  const files = await world.db.selectFrom('budget_attachment').select('name').execute();
  expect(files).toEqual([{ name: 'offer.pdf' }]);
});

test('what waits is told by age to whoever sees the money of the region, and to nobody else', async () => {
  world.clock.moveTo(world.clock.now() + 3 * 3_600_000);
  const overview = await reader.visit('/budgets');
  expect(overview.text).toContain(`href="${approvals}"`);
  const { status, text } = await reader.visit(approvals);
  expect(status).toBe(200);
  expect(text).toMatch(/<h1>[^<]*: <bdi>World<\/bdi><\/h1>/);
  expect(text).toContain(`Name of ${berlin.manager}`);
  expect(text).toMatch(/Working hours waited:\s*3\s*</);
  expect(text).toContain('There is nothing to show.');
  expect((await stranger.visit('/budgets')).text).not.toContain(approvals);
  expect((await stranger.visit('/budgets')).text).toContain(`href="${ask}"`);
  expect((await stranger.visit(approvals)).status).toBe(404);
  expect((await reader.visit('/budgets/approvals/nowhere')).status).toBe(404);
});

test('a request over HTTP is asked for, recorded and shown in at most 45 statements', async () => {
  const count = await world.statementsOf(() => asksFor(world, berlin.lead));
  expect(count).toBeLessThanOrEqual(45);
});
