/** Ends digests from a link in one of them. Opening it changes nothing, and neither does a form without its reader. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ApiEnvironment } from '../api/environment.ts';
import { limitBody } from '../api/middleware/json.ts';
import { fromOurPages } from '../api/sign-in/same-origin.ts';
import type { Sessions } from '../api/sign-in/session.ts';
import { unsubscribePath, unsubscribing } from '../channels/email/unsubscribe.ts';
import { addressee } from '../db/notices.ts';
import type { Database } from '../db/client.ts';
import { endDigests } from '../db/preferences.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml, type Recipient, recipientFor } from '../locales/render.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';

export interface UnsubscribeParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly secret: string;
  readonly publicUrl: string;
  readonly sessions: Pick<Sessions, 'personOf'>;
}

type PageContext = Context<ApiEnvironment>;

export function registerUnsubscribe(
  app: OpenAPIHono<ApiEnvironment>,
  { db, clock, secret, publicUrl, sessions }: UnsubscribeParts,
): void {
  /** In the language of whoever the mail was for, signed in or not. */
  const reader = async (c: PageContext): Promise<{ person: PersonId; recipient: Recipient }> => {
    const person = unsubscribing(secret, c.req.param('token') ?? '');
    const found = person && (await addressee(db, person));
    if (!person || !found) throw new Refusal(problem('preferences.unsubscribe_invalid'));
    return { person, recipient: recipientFor(found) };
  };
  const show = (c: PageContext, recipient: Recipient, body: Html) => {
    const title = text(recipient, 'unsubscribe');
    return c.html(layout({ recipient, person: null, title, body }));
  };
  app.get('/unsubscribe/:token', async (c) => {
    const { person, recipient } = await reader(c);
    const action = unsubscribePath(c.req.param('token'));
    const isReader = (await sessions.personOf(c)) === person;
    return show(
      c,
      recipient,
      html`<h1>${text(recipient, 'unsubscribe')}</h1>
        <p>${text(recipient, 'unsubscribe_hint')}</p>
        ${isReader ? form(recipient, action) : signIn(recipient, action)}`,
    );
  });
  // A mail program posts here without a session or an origin, with these words (RFC 8058, 3.1 and 3.2).
  // A program that looks at links and sends their forms has neither the words nor the session.
  app.post('/unsubscribe/:token', limitBody, async (c) => {
    const { person, recipient } = await reader(c);
    const sent = await c.req.parseBody();
    if (sent['List-Unsubscribe'] !== 'One-Click') {
      fromOurPages(c, publicUrl);
      if ((await sessions.personOf(c)) !== person) throw new Refusal(problem('identity.missing'));
    }
    await endDigests(db, person, clock.now());
    return show(
      c,
      recipient,
      html`<h1>${text(recipient, 'unsubscribe')}</h1>
        <p role="status">${text(recipient, 'digests_ended')}</p>`,
    );
  });
}

const form = (recipient: Recipient, action: string): Html =>
  html`<form method="post" action="${action}">
    <button>${text(recipient, 'end_digests')}</button>
  </form>`;

const signIn = (recipient: Recipient, to: string): Html =>
  html`<p>${text(recipient, 'unsubscribe_sign_in')}</p>
    <p>
      <a href="/auth/sign-in?to=${encodeURIComponent(to)}"
        >${raw(phraseHtml('page.sign_in', {}, recipient))}</a
      >
    </p>`;

const text = (recipient: Recipient, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));
