import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { serve, type Served } from '../../api/serve.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import type { NoticeId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { type Browser, testBrowser } from '../support/browser.ts';
import { launchChromium } from '../support/chromium.ts';
import { openEveryLoop } from '../support/every-loop.ts';
import { messageKeys } from '../support/readers.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { freePort } from '../support/free-port.ts';
import { givenNotice } from '../support/notices.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';

let appUrl: string;
let pages: PagesWorld;
let served: Served;
let sink: MailSink;
beforeAll(async () => {
  const port = await freePort();
  appUrl = `http://localhost:${port}`;
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead] });
  served = await serve({ app: pages.world.app, host: 'localhost', port });
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
});
afterAll(async () => {
  await sink.stop();
  await served.stop();
  await pages.stop();
});

/** Mails of every kind there is, each about the same open handoff. */
async function mailsOfEveryKind(): Promise<readonly string[]> {
  const { db, clock } = pages.world;
  const { id: loopId } = await pages.world.offered();
  const from = { name: 'Meridian', address: 'meridian@example.test' };
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
  const deliver = createDeliver({ db, clock, channels: { email }, publicUrl: appUrl });
  const params = { person: { person: berlin.lead }, dueAt: { instant: clock.now() } };
  const sends = async (key: string): Promise<void> => {
    const sendAt = clock.now();
    const id: NoticeId = await givenNotice(db, loopId, { to: tokyo.lead, key, params, sendAt });
    await deliver({ noticeId: id, revision: 1 });
  };
  await Promise.all(messageKeys.map(sends));
  email.close();
  return sink.messages().map(({ text, html }) => `${text}\n${html}`);
}

/** All that there is, table by table; reading leaves nothing behind. */
async function everythingKept(): Promise<unknown> {
  const { db } = pages.world;
  const tables = await sql<{ readonly name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(db);
  const each = tables.rows.map(
    ({ name }) => sql`SELECT ${name} AS name, count(*) AS rows,
      md5(string_agg(t::text, ',' ORDER BY t::text)) AS said FROM ${sql.table(name)} t`,
  );
  const { rows } = await sql`${sql.join(each, sql` UNION ALL `)} ORDER BY name`.execute(db);
  expect(rows.length).toBeGreaterThan(50);
  return rows;
}

async function theirBrowser(): Promise<Browser> {
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  await browser.visit(provider.url, { person: tokyo.lead });
  return browser;
}

/** Every form of the pages as their reader has them, filled in, and the pages themselves. */
async function formsShown(browser: Browser, paths: readonly string[]) {
  const forms: { action: string; body: string }[] = [];
  const copies = new Map<string, string>();
  for (const path of paths) {
    await browser.visit(path);
    const { text } = await browser.visit(path);
    copies.set(path, text);
    for (const [form, action = ''] of text.matchAll(/<form[^>]*action="([^"]+)".*?<\/form>/gs)) {
      const named = [...form.matchAll(/name="([^"]+)"(?:[^>]*?value="([^"]*)")?/g)];
      const choices = named.filter(([, name]) => name === 'choice');
      const filled = named
        .filter(([, name]) => name !== 'choice')
        .map(([, name = '', value = 'Yes.']): [string, string] => [name, value]);
      for (const [, , choice = ''] of choices.length > 0 ? choices : [['', '', '']]) {
        const body = new URLSearchParams(filled);
        if (choice !== '') body.set('choice', choice);
        forms.push({ action, body: body.toString() });
      }
    }
  }
  return { forms, copies };
}

const fillsEverything = `for (const form of document.forms) {
  form.noValidate = true;
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) field.value ||= 'Yes.';
}`;
const pressedMax = 8;

/**
 * As a scanner with a real browser: it runs what each page brings and presses every button, without a
 * session, also on pages that it has a copy of.
 */
async function pressEverything(
  links: readonly string[],
  copies: ReadonlyMap<string, string>,
): Promise<readonly number[]> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.route('**', (route) => {
    const request = route.request();
    const { origin, pathname } = new URL(request.url());
    if (origin !== appUrl) return route.abort();
    const body = request.method() === 'GET' ? copies.get(pathname) : undefined;
    if (body === undefined) return route.continue();
    return route.fulfill({ body, contentType: 'text/html; charset=utf-8' });
  });
  const answers: number[] = [];
  const open = () => page.locator('form button');
  for (const link of links) {
    await page.goto(link).catch(() => null);
    // Where one signs in is not ours, and a link without a session leads there.
    const buttons = page.url().startsWith(appUrl) ? await open().count() : 0;
    for (let index = 0; index < buttons && answers.length < pressedMax; index++) {
      if (index > 0) await page.goto(link);
      await page.evaluate(fillsEverything);
      const answer = page.waitForResponse((one) => one.request().method() === 'POST');
      await open().nth(index).click();
      answers.push((await answer).status());
    }
  }
  await browser.close();
  return answers;
}

const linksIn = (mail: string): readonly string[] =>
  [...mail.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link);

test('a scanner that opens every link of every mail, and sends every form it finds, changes nothing', async () => {
  const mails = await mailsOfEveryKind();
  expect(mails.length).toBe(messageKeys.length);
  const mailed = mails.flatMap(linksIn).filter((link) => link.startsWith(appUrl));
  const links = new Set(mailed);
  expect(links.size).toBeGreaterThan(0);
  const ending = `${appUrl}${unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead))}`;
  links.add(ending);
  links.add(`${appUrl}/preferences`);
  const others = await openEveryLoop(pages.world, account);
  for (const id of others.values()) links.add(`${appUrl}${taskPath(id)}`);
  const reader = await theirBrowser();
  const before = await everythingKept();
  // What a signed-in reader is shown is what a scanner that has the page would send.
  const paths = [...links].map((link) => link.slice(appUrl.length) || '/');
  const { forms: shown, copies } = await formsShown(reader, paths);
  expect(shown.length).toBeGreaterThan(others.size);
  expect(await everythingKept(), 'they opened each link themselves, twice').toEqual(before);
  const { app } = pages.world;
  for (const { action, body } of shown) {
    for (const origin of [appUrl, 'https://scanner.test']) {
      const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
      await app.request(`${appUrl}${action}`, { method: 'POST', body, headers });
    }
  }
  for (const link of links) {
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) await app.request(link, { method });
    const page = await (await app.request(link)).text();
    for (const [, action = ''] of page.matchAll(/<form[^>]*action="([^"]+)"/g)) {
      const fields = [...page.matchAll(/name="([^"]+)"[^>]*value="([^"]*)"/g)];
      const body = new URLSearchParams(
        Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
      );
      for (const origin of [appUrl, 'https://scanner.test']) {
        await app.request(`${appUrl}${action}`, { method: 'POST', body, headers: { origin } });
      }
    }
    // Also what no page offers to a stranger.
    const body = new URLSearchParams({ choice: 'accept', text: 'Yes.', revision: '1', since: '0' });
    const headers = { origin: appUrl };
    await app.request(link, { method: 'POST', body, headers });
  }
  // Every link of the mails, what ends digests, and one page that it has a copy of.
  const [first = ''] = others.values();
  const copied = [taskPath(first), copies.get(taskPath(first)) ?? ''] as const;
  const opened = [...new Set(mailed), ending, `${appUrl}${copied[0]}`];
  const pressed = await pressEverything(opened, new Map([copied]));
  expect(pressed.length).toBeGreaterThan(2);
  expect(pressed.filter((status) => status < 300)).toEqual([]);
  expect(await everythingKept()).toEqual(before);
});
