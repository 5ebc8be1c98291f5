/** What every page has: its language and direction, a way home, and a way out. No script. */
import { html, raw } from 'hono/html';
import type { Actor } from '../domain/authority.ts';
import type { Recipient } from '../locales/render.ts';
import { type Html, nameOf, say } from './html.ts';
import { navigation } from './navigation.ts';

export interface Page {
  readonly recipient: Recipient;
  /** Null for whoever is not signed in. */
  readonly person: {
    readonly name: string;
    readonly actor: Actor;
    readonly isMailOff?: boolean;
  } | null;
  readonly title: Html | string;
  readonly body: Html;
}

/** A title holds no marks: names in it are isolated by characters. */
function titleOf(title: Html | string): Html {
  const written = html`${title}`;
  if (written instanceof Promise) return written.then(unmarked);
  return unmarked(written);
}

const unmarked = (written: string) =>
  raw(
    written
      .replaceAll('<bdi>', '\u2068')
      .replaceAll('</bdi>', '\u2069')
      .replaceAll(/<[^>]*>/g, ''),
  );

export function layout({ recipient, person, title, body }: Page): Html {
  const reader = { recipient };
  return html`<!doctype html>
    <html lang="${recipient.locale}" dir="${recipient.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${titleOf(title)} · Meridian</title>
        <link rel="stylesheet" href="/assets/meridian.css" />
        <link rel="icon" href="/assets/meridian.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#content">${say(reader, 'skip')}</a>
        <header>
          <a class="home" href="/">${say(reader, 'product')}</a>
          ${person ? html`${navigation(reader, person.actor)} ${signedIn(reader, person)}` : ''}
        </header>
        <main id="content" tabindex="-1">
          ${
            person?.isMailOff
              ? html`<p class="alarm" role="status">${say(reader, 'mail_off')}</p>`
              : ''
          }
          ${body}
        </main>
        <footer><a href="/docs">${say(reader, 'api_reference')}</a></footer>
      </body>
    </html>`;
}

const signedIn = (
  reader: { readonly recipient: Recipient },
  person: { readonly name: string },
): Html =>
  html`<form method="post" action="/auth/sign-out">
    <span>${nameOf(person)}</span>
    <button class="quiet">${say(reader, 'sign_out')}</button>
  </form>`;
