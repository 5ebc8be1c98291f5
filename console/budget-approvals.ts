/** What waits for a decision in a region, and how those before were decided. */
import { html, raw } from 'hono/html';
import { approvalOperations } from '../api/budget-lines/approvals.ts';
import { idParams } from '../api/directory/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { phrase, phraseHtml, type RenderValues } from '../locales/render.ts';
import { cell, type Html, instant, nameOf, type Reader } from './html.ts';
import { wayTo } from './navigation.ts';
import type { SitePage } from './site-page.ts';

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`budgetLine.approvals.${key}`, values, recipient));

export const approvalsPath = (region: string): string => `${wayTo('budgets')}/approvals/${region}`;

export const budgetApprovalsPage: SitePage = {
  route: approvalsPath(':region'),
  async show({ handoffs: parts }, reader, { params }) {
    const asked = idParams.safeParse({ id: params['region'] });
    if (!asked.success) throw new Refusal(problem('request.not_found'));
    const { actor } = reader;
    const answer = await approvalOperations.read.run(parts, { actor, input: asked.data });
    const title = html`${say(reader, 'title')}: ${nameOf(answer.region)}`;
    return {
      title,
      body: html`<h1>${title}</h1>
        <h2>${say(reader, 'waiting')}</h2>
        ${answer.waiting.length === 0 ? none(reader, 'none_wait') : waiting(reader, answer)}
        <h2>${say(reader, 'decided')}</h2>
        <p class="muted">${say(reader, 'small_groups')}</p>
        ${answer.decided.length === 0 ? none(reader, 'none_decided') : decided(reader, answer)}
        <p><a href="${wayTo('budgets')}">${say(reader, 'all_lines')}</a></p>`,
    };
  },
};

type Approvals = Awaited<ReturnType<typeof approvalOperations.read.run>>;

const none = (reader: Reader, key: string): Html => html`<p class="muted">${say(reader, key)}</p>`;

/** No table: on a phone its times would stand a letter a line. */
const waiting = (reader: Reader, { waiting: rows }: Approvals): Html =>
  html`<ul class="list">
    ${rows.map(
      ({ id, person, waitedMinutes, since, dueAt }) =>
        html`<li>
          <a href="${taskPath(id)}">${nameOf(person)}</a><br />
          <span class="muted">
            ${say(reader, 'column.waited')}: ${hours(reader, waitedMinutes)}<br />
            ${say(reader, 'column.since')}: ${instant(reader, since)}
            ${dueAt === null ? '' : html`<br />${say(reader, 'column.due')}: ${instant(reader, dueAt)}`}
          </span>
        </li>`,
    )}
  </ul>`;

const columns = ['level', 'decisions', 'approved', 'median'] as const;

const decided = (reader: Reader, { decided: rows }: Approvals): Html =>
  html`<div
    class="wide"
    tabindex="0"
    role="group"
    aria-label="${phrase('budgetLine.approvals.decided', {}, reader.recipient)}"
  >
    <table class="stacked">
      <thead>
        <tr>
          ${columns.map((name) => html`<th scope="col">${say(reader, `column.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => levelOf(reader, row))}
      </tbody>
    </table>
  </div>`;

const levelOf = (
  reader: Reader,
  { level, decided: decisions, approvedPercent, medianWaitedMinutes }: Approvals['decided'][number],
): Html =>
  html`<tr>
    <th scope="row">${level === null ? say(reader, 'all') : nameOf({ name: level })}</th>
    ${cell(labelOf(reader, 'decisions'), say(reader, 'decisions', { decisions }))}
    ${cell(labelOf(reader, 'approved'), say(reader, 'percent', { percent: approvedPercent }))}
    ${cell(labelOf(reader, 'median'), hours(reader, medianWaitedMinutes))}
  </tr>`;

const labelOf = ({ recipient }: Reader, name: (typeof columns)[number]): string =>
  phrase(`budgetLine.approvals.column.${name}`, {}, recipient);

/** In tenths: what one waits for is felt in hours. */
const hours = (reader: Reader, minutes: number): Html =>
  say(reader, 'hours', { hours: Math.round(minutes / 6) / 10 });
