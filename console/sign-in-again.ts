/** For whoever sent a form after their session had ended: what they wrote is not lost with it. */
import { html } from 'hono/html';
import { type Html, type Reader, say } from './html.ts';
import { keptWords } from './refused.ts';

export const signInAgain = (
  reader: Reader,
  { text, to }: { readonly text: string; readonly to: string },
): Html =>
  html`<h1>${say(reader, 'sign_in')}</h1>
    <div class="alarm" role="alert" tabindex="-1" autofocus>
      <p>${say(reader, 'session_over')}</p>
    </div>
    <p><a class="button" href="${to}">${say(reader, 'sign_in')}</a></p>
    ${keptWords(reader, text)}`;
