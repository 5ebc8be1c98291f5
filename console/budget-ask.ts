/** The form that asks for development money, as `POST /budget-requests` and its preview take it. */
import { html, raw } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { previewBudget } from '../api/budget-requests/preview-request.ts';
import {
  amountLengthMax,
  budgetBody,
  titleLengthMax,
  wordsLengthMax,
} from '../api/budget-requests/schema.ts';
import { submitBudget } from '../api/budget-requests/submit-request.ts';
import { askableIn } from '../db/budget-views.ts';
import { derivedId } from '../db/derived-id.ts';
import { requestKinds } from '../domain/budget/state.ts';
import { decimalOf, parseMoney } from '../domain/money.ts';
import { taskPath } from '../locales/links.ts';
import { writtenAmount } from '../locales/money.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Preview, route } from './budget-route.ts';
import { exceptionBox } from './budget-forms.ts';
import { field } from './fields.ts';
import { type Html, type Reader, say } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { purposeIn } from './budget-open.ts';
import { wayTo } from './navigation.ts';
import { type Kept, wordsField } from './read-back.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

/** As many as a form shows; the API takes more. */
const instalmentRows = [0, 1, 2] as const;

export const askPath = `${wayTo('budgets')}/ask`;

const formShape = z
  .object({ key: z.uuid(), choice: z.enum(['preview', 'submit']) })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= 40);

export const budgetAskPage: SitePage = {
  route: askPath,
  show: (parts, reader, { refused, query: { plan } }) =>
    shown(parts, reader, {
      kept: refused?.fields ?? (plan === undefined ? {} : { plan }),
      refused,
      preview: null,
    }),
  async send(parts, reader, { form }) {
    const { budgets, publicUrl } = parts;
    const { actor } = reader;
    const { key, choice, ...fields } = readForm(formShape, form);
    const commandId = derivedId('form', actor.id, 'budget request', key);
    let preview: Preview | null = null;
    let asked = '';
    const sent = { ...reader, publicUrl, text: '', fields };
    const refused = await unlessRefused(sent, async () => {
      const input = bodyOf(budgetBody, requestIn(fields, reader.recipient.locale));
      const command = { actor, commandId, input };
      if (choice === 'preview') preview = await previewBudget(budgets, command);
      else asked = (await submitBudget(budgets, command)).id;
    });
    if (refused !== null) return refused;
    if (choice === 'submit') return taskPath(asked);
    return shown(parts, reader, { kept: fields, refused: null, preview });
  },
};

/** What was left empty is not said; what is wrong with the rest is told by the API's own rules. */
function requestIn(fields: Kept, locale: string) {
  const of = (name: string): string => (fields[name] ?? '').trim();
  const unlessEmpty = (name: string) => (of(name) === '' ? {} : { [name]: of(name) });
  const currency = of('currency').toUpperCase();
  const amount = (name: string): string => writtenAmount(of(name), locale);
  const amountUnlessEmpty = (name: string) => (of(name) === '' ? {} : { [name]: amount(name) });
  const costs = {
    fee: amount('fee'),
    ...amountUnlessEmpty('travel'),
    ...amountUnlessEmpty('tax'),
  };
  const rows = instalmentRows.filter((row) => of(`due-${row}`) + of(`amount-${row}`) !== '');
  const all = rows.length === 1 ? sumOf(Object.values(costs), currency) : '';
  return {
    purpose: purposeIn(of('purpose')),
    kind: of('kind'),
    title: of('title'),
    why: of('why'),
    ...unlessEmpty('gap'),
    ...unlessEmpty('plan'),
    currency,
    costs,
    instalments: rows.map((row) => ({
      due: of(`due-${row}`),
      amount: amount(`amount-${row}`) || all,
    })),
    ends: of('ends'),
    ...(of('months') === '' ? {} : { serviceMonths: Number(of('months')) }),
    involvesProfessionals: { yes: true, no: false }[of('professionals')],
    exception: of('exception') === 'yes',
  };
}

/** Where one part cannot be counted it is that part, so that the rules say what is wrong with it. */
function sumOf(parts: readonly string[], currency: string): string {
  let minor = 0n;
  for (const part of parts) {
    const read = parseMoney(part, currency);
    if (!read.ok) return part;
    minor += read.money.minor;
  }
  return decimalOf({ minor, currency });
}

interface Filled {
  readonly kept: Kept;
  readonly refused: Refused | null;
  /** What would become of it, once it was asked. */
  readonly preview: Preview | null;
}

async function shown(
  { handoffs }: TaskPageParts,
  reader: SignedIn,
  { kept, refused, preview }: Filled,
): Promise<ShownPage> {
  const { db, clock } = handoffs;
  const items = await askableIn(db, reader.actor.region, clock.now());
  const title = say(reader, 'budget_ask.title');
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem) : ''}
      ${preview ? route(reader, preview) : html`<p>${say(reader, 'budget_ask.hint')}</p>`}
      ${suggestions(
        'purposes',
        items.map(({ purpose }) => purpose),
      )}
      ${suggestions(
        'currencies',
        items.map(({ currency }) => currency),
      )}
      <form method="post" action="${askPath}" class="step">
        <input type="hidden" name="key" value="${randomUUID()}" />
        ${kept['plan'] ? html`<input type="hidden" name="plan" value="${kept['plan']}" />` : ''}
        ${what(reader, kept)} ${costs(reader, kept)} ${when(reader, kept)} ${more(reader, kept)}
        ${choiceButtons([
          { choice: 'preview', label: say(reader, 'budget_ask.preview') },
          { choice: 'submit', label: say(reader, 'budget_ask.submit'), isQuiet: preview === null },
        ])}
      </form>`,
  };
}

const suggestions = (id: string, values: readonly string[]): Html =>
  html`<datalist id="${id}">
    ${[...new Set(values)].map((value) => html`<option value="${value}"></option>`)}
  </datalist>`;

const what = (reader: Reader, kept: Kept): Html =>
  html`${field(reader, {
      name: 'title',
      label: 'budget_ask.what',
      kept,
      more: html`class="words" dir="auto" maxlength="${titleLengthMax}" required`,
    })}
    <label for="kind">${say(reader, 'budget_ask.kind')}</label>
    <select id="kind" name="kind" required>
      <option value="">${say(reader, 'please_choose')}</option>
      ${requestKinds.map(
        (kind) =>
          html`<option value="${kind}" ${kept['kind'] === kind ? html`selected` : ''}>
            ${raw(phraseHtml(`budgetRequest.kind.${kind}`, {}, reader.recipient))}
          </option>`,
      )}
    </select>
    ${wordsField(reader, {
      id: 'why',
      name: 'why',
      label: 'budget.why',
      text: kept['why'] ?? '',
      lengthMax: wordsLengthMax,
      isRequired: true,
    })}
    ${field(reader, {
      name: 'purpose',
      label: 'budget_ask.purpose',
      kept,
      more: html`list="purposes" maxlength="64" autocapitalize="none" dir="ltr" required`,
    })}`;

const amountMore = html`inputmode="decimal" dir="ltr" maxlength="${amountLengthMax}"`;

const costs = (reader: Reader, kept: Kept): Html =>
  html`<fieldset>
    <legend>${say(reader, 'budget_ask.costs')}</legend>
    ${field(reader, {
      name: 'currency',
      label: 'budget_ask.currency',
      kept,
      more: html`list="currencies" maxlength="3" dir="ltr" required`,
    })}
    ${field(reader, {
      name: 'fee',
      label: 'budget.fee',
      kept,
      more: html`${amountMore} required`,
    })}
    ${field(reader, { name: 'travel', label: 'budget.travel', kept, more: amountMore })}
    ${field(reader, { name: 'tax', label: 'budget.tax', kept, more: amountMore })}
  </fieldset>`;

const when = (reader: Reader, kept: Kept): Html =>
  html`${instalmentRows.map((row) => {
    const isFirst = row === 0 ? 'required' : '';
    const day = html`type="date" ${isFirst}`;
    return html`<fieldset>
      <legend>${say(reader, 'budget_ask.instalment', { row: row + 1 })}</legend>
      ${field(reader, { name: `due-${row}`, label: 'budget.due', kept, more: day })}
      ${field(reader, {
        name: `amount-${row}`,
        label: row === 0 ? 'budget_ask.amount_or_all' : 'budget.amount',
        kept,
        more: amountMore,
      })}
    </fieldset>`;
  })}
  ${field(reader, {
    name: 'ends',
    label: 'budget_ask.ends',
    kept,
    more: html`type="date" required`,
  })}`;

const more = (reader: Reader, kept: Kept): Html =>
  html`<label for="professionals">${say(reader, 'budget_ask.professionals')}</label>
    <select id="professionals" name="professionals" required>
      <option value="">${say(reader, 'please_choose')}</option>
      ${['yes', 'no'].map(
        (answer) =>
          html`<option value="${answer}" ${kept['professionals'] === answer ? html`selected` : ''}>
            ${say(reader, `budget_ask.${answer}`)}
          </option>`,
      )}
    </select>
    ${field(reader, {
      name: 'months',
      label: 'budget_ask.months',
      kept,
      more: html`inputmode="numeric" dir="ltr" maxlength="2"`,
    })}
    ${field(reader, {
      name: 'gap',
      label: 'budget_ask.gap',
      kept,
      more: html`maxlength="63" autocapitalize="none" dir="ltr"`,
    })}
    ${exceptionBox(reader, kept)}`;
