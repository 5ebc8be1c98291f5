/** Who shared what they learned: `GET /exchange/recognition` as a page, by name and never ranked. */
import { html, raw } from 'hono/html';
import { readRecognition, type Recognition } from '../api/exchange/read-recognition.ts';
import { recognitionQuery } from '../api/exchange/schema.ts';
import { type Actor, may } from '../domain/authority.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, nameOf, type Reader, say as sayPage } from './html.ts';
import { curiosityPath, recognitionPath } from './navigation.ts';
import { quarterLinks } from './quarter-links.ts';
import type { SitePage } from './site-page.ts';

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`exchange.recognition.${key}`, values, recipient));

export const recognitionPage: SitePage = {
  route: recognitionPath,
  async show({ handoffs }, reader, { query }) {
    const { period, cursor } = query;
    const asked = recognitionQuery.safeParse({ period, cursor });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const found = await readRecognition(handoffs, { actor: reader.actor, input: asked.data });
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${found.sentences.map((sentence) => html`<p>${sentence}</p>`)}
        ${
          found.items.length === 0
            ? html`<p role="status">${say(reader, 'none')}</p>`
            : html`<ul class="list">
                ${found.items.map(one)}
              </ul>`
        }
        ${found.next === null ? '' : more(reader, found.period, found.next)}
        ${besideSales(reader, reader.actor)}
        ${quarterLinks(reader, { path: recognitionPath, period: found.period, now: handoffs.clock.now() })}`,
    };
  },
};

/** For whoever may see it: what is counted is the same, and what stands beside it is not. */
const besideSales = (reader: Reader, actor: Actor): Html | string =>
  may(actor, 'curiosity.view', { region: actor.region })
    ? html`<p><a href="${curiosityPath}">${say(reader, 'beside')}</a></p>`
    : '';

const one = ({ person, wins, failures }: Recognition['items'][number]): Html =>
  html`<li>
    ${nameOf(person)}<br /><span class="muted">${wins.sentence} ${failures.sentence}</span>
  </li>`;

function more(reader: Reader, period: string, cursor: string): Html {
  const query = new URLSearchParams({ period, cursor });
  return html`<p>
    <a href="${recognitionPath}?${query.toString()}">${sayPage(reader, 'more')}</a>
  </p>`;
}
