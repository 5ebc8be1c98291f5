/** What waits for a decision in a region, and how those before were decided. */
import { html, raw } from 'hono/html';
import { approvalOperations } from '../api/budget-lines/approvals.ts';
import { idParams } from '../api/directory/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { phrase, phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
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
    const title = html`${say(reader, 'title')}: <bdi>${asked.data.id}</bdi>`;
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

const waiting = (reader: Reader, { waiting: rows }: Approvals): Html =>
  table(
    reader,
    { label: 'waiting', columns: ['person', 'waited', 'since', 'due', 'request'] },
    rows.map(
      ({ id, person, waitedMinutes, since, dueAt }) =>
        html`<th scope="row">${nameOf(person)}</th>
          <td>${hours(reader, waitedMinutes)}</td>
          <td>${instant(reader, since)}</td>
          <td>${dueAt === null ? '' : instant(reader, dueAt)}</td>
          <td><a href="${taskPath(id)}">${say(reader, 'open')}</a></td>`,
    ),
  );

const decided = (reader: Reader, { decided: rows }: Approvals): Html =>
  table(
    reader,
    { label: 'decided', columns: ['level', 'decisions', 'approved', 'median'] },
    rows.map(
      ({ level, decided: count, approvedPercent, medianWaitedMinutes }) =>
        html`<th scope="row">${level === null ? say(reader, 'all') : nameOf({ name: level })}</th>
          <td>${say(reader, 'decisions', { decisions: count })}</td>
          <td>${say(reader, 'percent', { percent: approvedPercent })}</td>
          <td>${hours(reader, medianWaitedMinutes)}</td>`,
    ),
  );

/** In tenths: what one waits for is felt in hours. */
const hours = (reader: Reader, minutes: number): Html =>
  say(reader, 'hours', { hours: Math.round(minutes / 6) / 10 });

interface Head {
  readonly label: string;
  readonly columns: readonly string[];
}

const table = (reader: Reader, { label, columns }: Head, rows: readonly Html[]): Html =>
  html`<div
    class="wide"
    tabindex="0"
    role="group"
    aria-label="${phrase(`budgetLine.approvals.${label}`, {}, reader.recipient)}"
  >
    <table>
      <thead>
        <tr>
          ${columns.map((name) => html`<th scope="col">${say(reader, `column.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
