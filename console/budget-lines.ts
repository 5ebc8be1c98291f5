/** Budget lines as pages: what `/budget-lines` and its like answer, with a drawing and forms. */
import { html } from 'hono/html';
import {
  type BudgetLineShown,
  type BudgetOfferShown,
  budgetLineOperations,
  type LineSummary,
} from '../api/budget-lines/operations.ts';
import { lineParams } from '../api/budget-lines/schema.ts';
import { pageLimitMax } from '../api/cursor.ts';
import { managedRegions } from '../db/budget-views.ts';
import { present } from '../domain/assert.ts';
import { may } from '../domain/authority.ts';
import type { RegionId } from '../domain/id.ts';
import { parseMoney } from '../domain/money.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { dayMs } from '../domain/time/zone.ts';
import { budgetLinePath } from '../locales/links.ts';
import { monthName } from '../locales/instant.ts';
import { phrase, type RenderValues } from '../locales/render.ts';
import { approvalsPath } from './budget-approvals.ts';
import { askPath } from './budget-ask.ts';
import { type KeptFields, lineForm, lineForms } from './budget-line-forms.ts';
import { lineMoney as money, sayLine as say } from './budget-line-words.ts';
import { openPath } from './budget-open.ts';
import { amountOf, cell, type Html, instant, nameOf, type Reader, say as pageSay } from './html.ts';
import { drawLine } from './line-chart.ts';
import { facts, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { alarm, type LabelOf, labelsOf, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';

const text = ({ recipient }: Reader, key: string, values: RenderValues = {}): string =>
  phrase(`budgetLine.${key}`, values, recipient);

export const budgetLinesPage: SitePage = {
  route: wayTo('budgets'),
  async show({ handoffs: parts }, reader, { query }) {
    const { cursor } = query;
    const input = { region: undefined, year: undefined, cursor, limit: pageLimitMax };
    const { actor } = reader;
    const { items, next } = await budgetLineOperations.list.run(parts, { actor, input });
    const mayOpen = (await managedRegions(parts.db, actor)).length > 0;
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${ways(reader, items, mayOpen)}
        ${items.length === 0 ? html`<p class="muted">${say(reader, 'none')}</p>` : table(reader, items)}
        ${next === null ? '' : html`<p><a href="?cursor=${next}">${say(reader, 'more')}</a></p>`}`,
    };
  },
};

/** Everybody may ask; what waits in a region is for whoever sees its lines. */
function ways(reader: SignedIn, lines: readonly LineSummary[], mayOpen: boolean): Html {
  const regions = new Map(lines.map(({ region }) => [region.id, region]));
  const ask = pageSay(reader, 'budget_ask.title');
  return html`<p><a class="button" href="${askPath}">${ask}</a></p>
    ${mayOpen ? html`<p><a href="${openPath}">${say(reader, 'open.title')}</a></p>` : ''}
    ${[...regions.values()].map(
      (region) =>
        html`<p>
          <a href="${approvalsPath(region.id)}">
            ${say(reader, 'approvals.title')}: ${nameOf(region)}
          </a>
        </p>`,
    )}`;
}

const table = (reader: Reader, lines: readonly LineSummary[]): Html =>
  html`<div class="wide" tabindex="0" role="group" aria-label="${text(reader, 'title')}">
    <table class="stacked">
      <thead>
        <tr>
          ${['line', 'allocated', 'reserved', 'committed', 'available'].map(
            (name) => html`<th scope="col">${say(reader, name)}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          (line) =>
            html`<tr>
              <th scope="row"><a href="${budgetLinePath(line.id)}">${nameOfLine(line)}</a></th>
              ${sums.map((name) =>
                cell(text(reader, name), amountOf(money(reader, line[name], line.currency))),
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const sums = ['allocated', 'reserved', 'committed', 'available'] as const;

const nameOfLine = ({
  region,
  year,
  purpose,
}: Pick<LineSummary, 'region' | 'year' | 'purpose'>): Html =>
  html`${nameOf(region)} · ${year} · <bdi>${purpose}</bdi>`;

export const budgetLinePage: SitePage = {
  route: `${wayTo('budgets')}/:id`,
  async show({ handoffs: parts }, reader, { params, refused }) {
    const id = params['id'];
    const line = await readLine(parts, reader, id).catch(async (error: unknown) => {
      // Whoever may not see its figures may have been offered some of it.
      if (!(error instanceof Refusal) || error.problem.code !== 'request.not_found') throw error;
      return { offer: await readOffer(parts, reader, id) };
    });
    if ('offer' in line) return offerPage(reader, line.offer);
    return shown(parts, reader, { line, refused, kept: refused?.fields ?? {}, told: null });
  },
  async send({ handoffs: parts, publicUrl }, reader, { params, form: sent }) {
    const id = params['id'] ?? '';
    const form = lineForm(parts, reader, { id, sent });
    const fields = form.kept;
    let told: Html | null = null;
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      told = await form.run();
    });
    if (refused !== null) return refused;
    if (told === null) return budgetLinePath(id);
    const line = await readLine(parts, reader, id);
    return shown(parts, reader, { line, refused: null, kept: fields, told });
  },
};

const labels = (reader: Reader): LabelOf =>
  labelsOf((key) => say(reader, key), { to: 'to', reason: 'reason' });

interface Filled {
  readonly line: BudgetLineShown;
  readonly refused: Refused | null;
  readonly kept: KeptFields;
  /** What the form would do. */
  readonly told: Html | null;
}

function shown(parts: Parts, reader: SignedIn, { line, refused, kept, told }: Filled): ShownPage {
  const title = html`${say(reader, 'line')}: ${nameOfLine(line)}`;
  const region = line.region.id as RegionId;
  const mayManage = may(reader.actor, 'budgetLine.manage', { region });
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem, labels(reader)) : ''}
      ${told === null ? '' : html`<p role="status" tabindex="-1" autofocus>${told}</p>`}
      ${figures(reader, line)} ${chart(reader, line, parts.clock.now())} ${entries(reader, line)}
      ${offered(reader, line)}
      ${mayManage && line.closedAt === null ? lineForms(reader, line, kept) : ''}`,
  };
}

type Parts = Parameters<typeof budgetLineOperations.read.run>[0];

async function readLine(
  parts: Parts,
  { actor }: SignedIn,
  id: string | undefined,
): Promise<BudgetLineShown> {
  const asked = lineParams.safeParse({ id });
  if (!asked.success) throw new Refusal(problem('request.not_found'));
  return budgetLineOperations.read.run(parts, { actor, input: asked.data });
}

async function readOffer(
  parts: Parts,
  { actor }: SignedIn,
  id: string | undefined,
): Promise<BudgetOfferShown> {
  const asked = lineParams.safeParse({ id });
  if (!asked.success) throw new Refusal(problem('request.not_found'));
  return budgetLineOperations.offer.run(parts, { actor, input: asked.data });
}

/** What it is for, until when, and how to ask: how much there is, is not for everybody. */
function offerPage(reader: Reader, offer: BudgetOfferShown): ShownPage {
  const { purpose, until, closedAt, isRingFenced } = offer;
  const title = html`${say(reader, 'line')}: ${nameOfLine(offer)}`;
  const told = { line: purpose, until: { instant: Date.parse(until) } };
  return {
    title,
    body: html`<h1>${title}</h1>
      ${closedAt === null ? html`<p>${say(reader, 'how_to_ask', told)}</p>` : ''}
      ${facts([
        [say(reader, 'until'), instant(reader, until)],
        [say(reader, 'ring_fenced'), isRingFenced ? say(reader, 'ring_fenced_yes') : null],
        [say(reader, 'closed'), closedAt === null ? null : instant(reader, closedAt)],
      ])}`,
  };
}

const offered = (reader: Reader, line: BudgetLineShown): Html | string =>
  line.offered === null
    ? ''
    : html`<h2>${say(reader, 'offered')}</h2>
        <ol class="timeline">
          <li>
            ${say(reader, 'offered_told', {
              amount: money(reader, line.offered.available, line.currency),
            })}
            <br /><span class="muted">${instant(reader, line.offered.at)}</span>
          </li>
        </ol>`;

const figures = (reader: Reader, line: BudgetLineShown): Html =>
  facts([
    ...sums.map(
      (name) => [say(reader, name), html`${money(reader, line[name], line.currency)}`] as const,
    ),
    [say(reader, 'from'), instant(reader, line.from)],
    [say(reader, 'until'), instant(reader, line.until)],
    [say(reader, 'ring_fenced'), line.isRingFenced ? say(reader, 'ring_fenced_yes') : null],
    [say(reader, 'closed'), line.closedAt === null ? null : instant(reader, line.closedAt)],
  ]);

/** Shares of the most there ever was: a double shows what minor units beyond it cannot. */
const scale = 10_000;

function chart(reader: Reader, line: BudgetLineShown, now: number): Html | string {
  const { series, currency } = line;
  const title = text(reader, 'chart');
  const [from, until] = [Date.parse(line.from), Date.parse(line.until)];
  if (now < from)
    return html`<h2>${title}</h2>
      ${notBegun(reader, line)}`;
  if (series.length === 0) return '';
  const minor = (amount: string): bigint => {
    const read = parseMoney(amount, currency);
    return read.ok ? read.money.minor : 0n;
  };
  const all = series.map(({ allocated }) => minor(allocated));
  const most = all.reduce((a, b) => (a > b ? a : b), 1n);
  const share = (amount: string): number => Number((minor(amount) * BigInt(scale)) / most);
  const points = series.map(({ at, allocated, reserved, committed }) => ({
    at: Date.parse(at),
    allocated: share(allocated),
    reserved: share(reserved),
    committed: share(committed),
  }));
  const highest = present(series[all.indexOf(most)] ?? series[0], 'the highest').allocated;
  const begins = Math.min(from, ...points.map(({ at }) => at));
  const { recipient } = reader;
  const quarter = (until - from) / 4;
  const days = [0, 1, 2, 3].map((index) => {
    const at = from + index * quarter;
    // Where its reader is, the first day may still be the last of the month before.
    return { at, label: monthName(at + dayMs, recipient.zone, recipient.locale) };
  });
  const told = sums.map((name) =>
    text(reader, 'told', { name: text(reader, name), amount: money(reader, line[name], currency) }),
  );
  const drawing = {
    from: begins,
    until,
    now: Math.min(now, until),
    points,
    levels: [{ value: scale, label: money(reader, highest, currency) }],
    days,
  };
  return html`<h2>${title}</h2>
    <div class="wide" tabindex="0" role="group" aria-label="${title}">
      ${drawLine(reader, drawing, { title, told })}
    </div>
    <p class="muted">${say(reader, 'legend')}</p>`;
}

/** What is entered before its year would be drawn outside of it. */
const notBegun = (reader: Reader, line: BudgetLineShown): Html =>
  html`<p>
    ${say(reader, 'not_begun', {
      from: { instant: Date.parse(line.from) },
      allocated: money(reader, line.allocated, line.currency),
      reserved: money(reader, line.reserved, line.currency),
    })}
  </p>`;

const entries = (reader: Reader, { entries: rows, currency }: BudgetLineShown): Html | string =>
  rows.length === 0
    ? ''
    : html`<h2>${say(reader, 'entries')}</h2>
        <ol class="timeline">
          ${rows.map(
            ({ at, added, author, reason, kind }) =>
              html`<li>
                ${money(reader, added, currency)}
                ${kind === 'carry' ? say(reader, 'carried') : html`· ${author ? nameOf(author) : ''}`}
                ${reason === null ? '' : html`<br /><bdi>${reason}</bdi>`}
                <br /><span class="muted">${instant(reader, at)}</span>
              </li>`,
          )}
        </ol>`;
