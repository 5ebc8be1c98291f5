import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import type { LoopId, NoticeId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { testBrowser } from '../support/browser.ts';
import { openEveryLoop } from '../support/every-loop.ts';
import { messageKeys } from '../support/readers.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenNotice } from '../support/notices.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';

const appUrl = 'http://localhost:3997';
let pages: PagesWorld;
let sink: MailSink;
beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead] });
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
});
afterAll(async () => {
  await sink.stop();
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
  for (const key of messageKeys) {
    const sendAt = clock.now();
    const id: NoticeId = await givenNotice(db, loopId, { to: tokyo.lead, key, params, sendAt });
    await deliver({ noticeId: id, revision: 1 });
  }
  email.close();
  return sink.messages().map(({ text, html }) => `${text}\n${html}`);
}

/** Whatever a step, a setting or a message leaves behind; reading leaves nothing. */
async function everythingKept(): Promise<unknown> {
  const { rows } = await sql`
    SELECT (SELECT md5(string_agg(t::text, ',' ORDER BY loop_id, sequence)) FROM transition t) AS steps,
      (SELECT md5(string_agg(l::text, ',' ORDER BY id)) FROM loop_instance l) AS loops,
      (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM task t) AS tasks,
      (SELECT md5(string_agg(n::text, ',' ORDER BY id)) FROM notice n) AS notices,
      (SELECT md5(string_agg(p::text, ',' ORDER BY person_id)) FROM preference p) AS preferences,
      (SELECT count(*) FROM comment) AS comments, (SELECT count(*) FROM content) AS contents,
      (SELECT count(*) FROM session) AS sessions`.execute(pages.world.db);
  return rows[0];
}

/** Every form of the pages as their reader has them, filled in, without the session. */
async function formsShown(ids: readonly LoopId[]) {
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  await browser.visit(provider.url, { person: tokyo.lead });
  const forms: { action: string; body: string }[] = [];
  for (const id of ids) {
    const { text } = await browser.visit(taskPath(id));
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
  return forms;
}

const linksIn = (mail: string): readonly string[] =>
  [...mail.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link);

test('a scanner that opens every link of every mail, and sends every form it finds, changes nothing', async () => {
  const mails = await mailsOfEveryKind();
  expect(mails.length).toBe(messageKeys.length);
  const links = new Set(mails.flatMap(linksIn).filter((link) => link.startsWith(appUrl)));
  expect(links.size).toBeGreaterThan(0);
  links.add(`${appUrl}${unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead))}`);
  links.add(`${appUrl}/preferences`);
  const others = await openEveryLoop(pages.world, account);
  for (const id of others.values()) links.add(`${appUrl}${taskPath(id)}`);
  // What a signed-in reader is shown is what a scanner that has the page would send.
  const shown = await formsShown([...others.values()]);
  expect(shown.length).toBeGreaterThan(others.size);
  const before = await everythingKept();
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
  expect(await everythingKept()).toEqual(before);
});
