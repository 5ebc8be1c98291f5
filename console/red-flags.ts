/** What the rules warned of in texts of the reader's regions: `GET /red-flags` as a list. */
import { html } from 'hono/html';
import { type Flag, flagsQuery, listFlags } from '../api/flags/list-flags.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';
import { wayTo } from './navigation.ts';
import type { SitePage } from './site-page.ts';

export const flagsPage: SitePage = {
  route: wayTo('flags'),
  async show({ handoffs }, reader, { query }) {
    const asked = flagsQuery.safeParse({ region: query['region'], cursor: query['cursor'] });
    if (!asked.success) throw new Refusal(problem('request.not_found'));
    const { actor } = reader;
    const { items, next } = await listFlags(handoffs, { actor, input: asked.data });
    const title = say(reader, 'red_flags');
    const { region } = asked.data;
    const more = new URLSearchParams({ ...(region && { region }), cursor: next ?? '' });
    return {
      title,
      body: html`<h1>${title}</h1>
        <p>${say(reader, items.length === 0 ? 'flags.none' : 'flags.hint')}</p>
        <ul class="list">
          ${items.map((item) => one(reader, item))}
        </ul>
        ${
          next === null
            ? ''
            : html`<p>
                <a href="${wayTo('flags')}?${more.toString()}">${say(reader, 'more')}</a>
              </p>`
        }`,
    };
  },
};

const one = (reader: Reader, { sentence, written, place, author, region, ...flag }: Flag): Html =>
  html`<li>
    ${sentence}<br />
    ${written} <span class="muted">(<bdi>${place}</bdi>)</span><br />
    <span class="muted"
      >${nameOf(author)}, ${nameOf(region)} · ${instant(reader, flag.at)} ·
      ${say(reader, flag.isAcknowledged ? 'flags.acknowledged' : 'flags.not_asked')}</span
    >
  </li>`;
