/** What each market gives and receives: `GET /exchange/balance` as a table of sentences. */
import { html, raw } from 'hono/html';
import { type Balance, readBalance } from '../api/exchange/read-balance.ts';
import { balanceQuery } from '../api/exchange/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, nameOf, type Reader } from './html.ts';
import { quarterLinks } from './quarter-links.ts';
import type { SitePage } from './site-page.ts';

export const balancePath = '/markets';

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`exchange.balance.${key}`, values, recipient));

export const exchangeBalancePage: SitePage = {
  route: balancePath,
  async show({ handoffs }, reader, { query }) {
    const asked = balanceQuery.safeParse({ period: query['period'] });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const balance = await readBalance(handoffs, { actor: reader.actor, input: asked.data });
    const title = say(reader, 'title');
    const { period } = balance;
    return {
      title,
      body: html`<h1>${title}</h1>
        ${balance.sentences.map((sentence) => html`<p>${sentence}</p>`)} ${table(reader, balance)}
        ${quarterLinks(reader, { path: balancePath, period, now: handoffs.clock.now() })}`,
    };
  },
};

const columns = ['gave', 'received', 'tried'] as const;

const table = (reader: Reader, { markets }: Balance): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">${say(reader, 'market')}</th>
        ${columns.map((name) => html`<th scope="col">${say(reader, `name.${name}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${markets.map(
        (market) =>
          html`<tr>
            <th scope="row">
              ${nameOf(market.region)} ${market.prompt ? prompt(reader, market.prompt) : ''}
            </th>
            ${columns.map((name) => html`<td>${market[name].sentence}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;

const prompt = (
  reader: Reader,
  { sentence, coach }: NonNullable<Balance['markets'][number]['prompt']>,
): Html =>
  html`<p>${sentence}</p>
    ${coach ? html`<p>${say(reader, 'coach', { person: coach.name })}</p>` : ''}`;
