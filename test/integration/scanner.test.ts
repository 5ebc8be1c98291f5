import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import type { NoticeId } from '../../domain/id.ts';
import { messageKeys } from '../support/readers.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenNotice } from '../support/notices.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';

const appUrl = 'http://localhost:3997';
let pages: PagesWorld;
let sink: MailSink;
beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead] });
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

const linksIn = (mail: string): readonly string[] =>
  [...mail.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link);

test('a scanner that opens every link of every mail, and sends every form it finds, changes nothing', async () => {
  const mails = await mailsOfEveryKind();
  expect(mails.length).toBe(messageKeys.length);
  const links = new Set(mails.flatMap(linksIn).filter((link) => link.startsWith(appUrl)));
  expect(links.size).toBeGreaterThan(0);
  links.add(`${appUrl}${unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead))}`);
  links.add(`${appUrl}/preferences`);
  const before = await everythingKept();
  const { app } = pages.world;
  for (const link of links) {
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) await app.request(link, { method });
    const page = await (await app.request(link)).text();
    for (const [, action = ''] of page.matchAll(/<form[^>]*action="([^"]+)"/g)) {
      // The one address that acts for whoever holds it ends digests, and those alone (RFC 8058).
      if (action.startsWith('/unsubscribe/')) continue;
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
    if (!link.includes('/unsubscribe/')) await app.request(link, { method: 'POST', body, headers });
  }
  expect(await everythingKept()).toEqual(before);
});
