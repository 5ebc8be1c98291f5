/** Ends digests from a link in one of them. Opening it changes nothing: programs open every link. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ApiEnvironment } from '../api/environment.ts';
import { limitBody } from '../api/middleware/json.ts';
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
}

type PageContext = Context<ApiEnvironment>;

export function registerUnsubscribe(
  app: OpenAPIHono<ApiEnvironment>,
  { db, clock, secret }: UnsubscribeParts,
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
    const { recipient } = await reader(c);
    const action = unsubscribePath(c.req.param('token'));
    return show(
      c,
      recipient,
      html`<h1>${text(recipient, 'unsubscribe')}</h1>
        <p>${text(recipient, 'unsubscribe_hint')}</p>
        <form method="post" action="${action}">
          <button>${text(recipient, 'end_digests')}</button>
        </form>`,
    );
  });
  // A mail program posts here without a session or an origin (RFC 8058, 3.2): the address is enough.
  app.post('/unsubscribe/:token', limitBody, async (c) => {
    const { person, recipient } = await reader(c);
    await endDigests(db, person, clock.now());
    return show(
      c,
      recipient,
      html`<h1>${text(recipient, 'unsubscribe')}</h1>
        <p role="status">${text(recipient, 'digests_ended')}</p>`,
    );
  });
}

const text = (recipient: Recipient, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));
