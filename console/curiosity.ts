/** Who tried something and shared it, won or lost: `GET /regions/{id}/curiosity` as a table. */
import { html } from 'hono/html';
import { type Curiosity, curiosityQuery, readCuriosity } from '../api/growth/read-curiosity.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { quarterAfter, quarterAt } from '../domain/scorecard/quarter.ts';
import { type Html, nameOf, type Reader } from './html.ts';
import { curiosityPath, recognitionPath } from './navigation.ts';
import { sayGrowth, term } from './rating-fields.ts';
import type { SitePage } from './site-page.ts';

const tell = (reader: Reader, key: string, values = {}): Html =>
  sayGrowth(reader, `curiosity.${key}`, values);

/** Of the reader's own region, or of another that is named. */
export const curiosityPage: SitePage = {
  route: curiosityPath,
  async show({ audits: parts }, reader, { query }) {
    const { actor } = reader;
    const asked = curiosityQuery.safeParse({ period: query['period'] });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const id = query['region'] ?? actor.region;
    const told = await readCuriosity(parts, { actor, input: { id, ...asked.data } });
    const title = tell(reader, 'title');
    const hasLater = told.period < quarterAt(parts.clock.now(), 'Etc/UTC');
    const link = (by: number, key: string): Html =>
      html`<a href="${curiosityPath}?region=${id}&amp;period=${quarterAfter(told.period, by)}"
        >${term(reader, `scorecard.${key}`)}</a
      >`;
    return {
      title,
      body: html`<h1>${title}: ${nameOf({ name: `${told.region.name}, ${told.period}` })}</h1>
        <p>${tell(reader, 'note')}</p>
        <p class="muted">${told.sentence}</p>
        ${
          told.items.length === 0
            ? html`<p class="muted">${tell(reader, 'nobody')}</p>`
            : table(reader, told)
        }
        <p><a href="${recognitionPath}">${tell(reader, 'beside')}</a></p>
        <p>${link(-1, 'earlier')}${hasLater ? html` · ${link(1, 'later')}` : ''}</p>`,
    };
  },
};

const table = (reader: Reader, { items }: Curiosity): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">${tell(reader, 'person')}</th>
        <th scope="col">${tell(reader, 'shared')}</th>
        <th scope="col">${tell(reader, 'quota')}</th>
      </tr>
    </thead>
    <tbody>
      ${items.map(
        ({ person, sentence, quota, isQuotaYours }) =>
          html`<tr>
            <th scope="row">${nameOf(person)}</th>
            <td>${sentence}</td>
            <td>${quotaTold(reader, isQuotaYours, quota)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

function quotaTold(reader: Reader, isYours: boolean, quota: number | null): Html {
  if (!isYours) return tell(reader, 'not_yours');
  return quota === null ? tell(reader, 'no_quota') : tell(reader, 'attained', { percent: quota });
}
