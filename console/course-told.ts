/** What would happen when, if nobody did anything: nothing of it is kept. */
import { html } from 'hono/html';
import { type Html, instant, type Reader, say } from './html.ts';

interface Told {
  readonly hint: Html;
  readonly course: readonly { readonly at: string; readonly sentence: string }[];
}

export const courseTold = (reader: Reader, above: Html | string, { hint, course }: Told): Html =>
  html`<section class="step">
    <h2>${say(reader, 'course')}</h2>
    <p class="muted">${hint}</p>
    ${above}
    <ol class="timeline">
      ${course.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>
  </section>`;
