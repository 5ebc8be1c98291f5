/** A machine's translations beside people's own: `GET /exchange/translations` as a page. */
import { html, raw } from 'hono/html';
import { readTranslations, type Translations } from '../api/exchange/read-translations.ts';
import { balanceQuery } from '../api/exchange/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, nameOf, type Reader } from './html.ts';
import { quarterLinks } from './quarter-links.ts';
import type { SitePage } from './site-page.ts';

export const translationsPath = '/translations';

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`exchange.translations.${key}`, values, recipient));

const columns = {
  machine: ['machineUnchanged', 'machineEdited', 'machineRefused', 'machineHours'],
  person: ['personApproved', 'personRefused', 'personHours'],
} as const;

export const translationsPage: SitePage = {
  route: translationsPath,
  async show({ handoffs }, reader, { query }) {
    const asked = balanceQuery.safeParse({ period: query['period'] });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const found = await readTranslations(handoffs, { actor: reader.actor, input: asked.data });
    const { period } = found;
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${found.sentences.map((sentence) => html`<p>${sentence}</p>`)} ${table(reader, found)}
        ${quarterLinks(reader, { path: translationsPath, period, now: handoffs.clock.now() })}`,
    };
  },
};

const table = (reader: Reader, { regions }: Translations): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">${raw(phraseHtml('exchange.balance.market', {}, reader.recipient))}</th>
        <th scope="col">${say(reader, 'machine')}</th>
        <th scope="col">${say(reader, 'person')}</th>
      </tr>
    </thead>
    <tbody>
      ${regions.map(
        (one) =>
          html`<tr>
            <th scope="row">
              ${nameOf(one.region)}
              <p>${one.sentence}</p>
            </th>
            ${(['machine', 'person'] as const).map(
              (begun) => html`<td>${sentencesOf(one, columns[begun])}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;

type Column = (typeof columns)[keyof typeof columns][number];

/** Where too few people stand behind them they all say the same, once. */
const sentencesOf = (
  region: Translations['regions'][number],
  names: readonly Column[],
): readonly Html[] =>
  [...new Set(names.map((name) => region[name].sentence))].map(
    (sentence) => html`<p>${sentence}</p>`,
  );
