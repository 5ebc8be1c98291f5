/** A scorecard as a page: what `GET /accounts/{id}/scorecard` and its like answer, in a plain table. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { scorecardReader, type ScorecardShown } from '../api/scorecard/read-scorecard.ts';
import { scorecardQuery } from '../api/scorecard/schema.ts';
import type { WorkingTimeParts } from '../api/working-time/parts.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { type ScorecardKind, scorecardKinds } from '../domain/scorecard/figures.ts';
import { quarterAfter } from '../domain/scorecard/quarter.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';
import type { SignedIn } from './loop-page.ts';
import type { ShownPage, SitePage } from './site-page.ts';

const asked = z.object({
  kind: z.enum(scorecardKinds),
  id: z.string().regex(/^[a-z0-9-]{1,63}$/),
});

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`scorecard.${key}`, values, recipient));

/** Such as `/scorecards/region/japan?period=2026-Q4`. */
export const scorecardPage: SitePage = {
  route: '/scorecards/:kind/:id',
  show: ({ handoffs }, reader, { params, query }) =>
    show(handoffs, reader, { ...params, period: query['period'] }),
};

async function show(
  parts: WorkingTimeParts,
  reader: SignedIn,
  sent: { readonly period: string | undefined },
): Promise<ShownPage> {
  const path = asked.safeParse(sent);
  if (!path.success) throw new Refusal(problem('request.not_found'));
  const query = scorecardQuery.safeParse({ period: sent.period });
  if (!query.success) throw new Refusal(problem('request.invalid'));
  const { kind, id } = path.data;
  const input = { id, ...query.data };
  const card = await scorecardReader(kind)(parts, { actor: reader.actor, input });
  const title = say(reader, 'title', { name: card.name });
  return {
    title,
    body: html`<h1>${title}</h1>
      ${table(reader, card)}${quarters(parts, reader, card)}`,
  };
}

const rows = [
  'handoffs',
  'bounced',
  'acceptMinutes',
  'firstTime',
  'overdue',
  'expected',
] as const satisfies readonly (keyof ScorecardShown)[];

const table = (reader: Reader, card: ScorecardShown): Html =>
  html`${card.sentences.map((sentence) => html`<p>${sentence}</p>`)}
    <table>
      <thead>
        <tr>
          <th scope="col">${say(reader, 'what')}</th>
          <th scope="col">${say(reader, 'meaning')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (name) =>
            html`<tr>
              <th scope="row">${say(reader, `name.${name}`)}</th>
              <td>${card[name].sentence}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;

/** Of the quarter that goes on, unless another is named. */
export const scorecardPath = (kind: ScorecardKind, id: string, period?: string): string =>
  `/scorecards/${kind}/${id}${period === undefined ? '' : `?period=${period}`}`;

/** The quarter before, and the one after where it has begun. */
function quarters(
  { clock }: WorkingTimeParts,
  reader: Reader,
  { kind, id, period, until }: ScorecardShown,
): Html {
  const link = (by: number, key: string): Html =>
    html`<a href="${scorecardPath(kind, id, quarterAfter(period, by))}">${say(reader, key)}</a>`;
  const hasLater = Date.parse(until) <= clock.now();
  return html`<p>${link(-1, 'earlier')}${hasLater ? html` · ${link(1, 'later')}` : ''}</p>`;
}
