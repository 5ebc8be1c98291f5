/** A request for development money as those in it read it: what it is for, who decides, and their forms. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import type { BudgetParts } from '../api/budget-requests/parts.ts';
import type { BudgetRequest } from '../api/budget-requests/present.ts';
import { explainBudget } from '../api/budget-requests/explain-request.ts';
import { readBudget } from '../api/budget-requests/read-request.ts';
import {
  approveBody,
  closeBody,
  exceptBody,
  instalmentBody,
  raiseBody,
  wordsBody,
} from '../api/budget-requests/schema.ts';
import { budgetSteps } from '../api/budget-requests/take-step.ts';
import { instalmentsMax } from '../domain/budget/state.ts';
import { parseMoney } from '../domain/money.ts';
import { moneyText, writtenAmount } from '../locales/money.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { attachForm } from './budget-attach.ts';
import { budgetForm, withdrawForm } from './budget-forms.ts';
import {
  amountOf,
  cell,
  type Html,
  instant,
  nameOf,
  type Reader,
  say,
  text,
  words,
} from './html.ts';
import { bodyOf, commandOf, hiddenShape, readForm } from './loop-form.ts';
import {
  type Asked,
  facts,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

export async function showBudget(
  parts: BudgetParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const asked = { actor: reader.actor, input: { id } };
  const request = await readBudget(parts, asked);
  const { sentences } = await explainBudget(parts, asked);
  const fields = refused?.fields ?? {};
  return loopPage(parts, reader, refused, {
    loop: request,
    subject: request.title ?? request.requester.name,
    title: html`${say(reader, 'budget.request')}: <bdi>${request.title ?? ''}</bdi>`,
    told: [factsOf(reader, request), explained(reader, sentences)],
    form: (step) => budgetForm(reader, request, step, fields),
    ownForms:
      reader.actor.id === request.requester.id
        ? [withdrawForm(reader, request), attachForm(reader, request)]
        : [],
    more: [
      written(reader, 'budget.why', request.why),
      instalments(reader, request),
      attachments(reader, request),
      deciders(reader, request),
      written(reader, 'budget.outcome', request.outcome),
      timeline(reader, request.timeline),
      said(reader, request),
    ],
  });
}

const money = (reader: Reader, text: string, currency: string): string => {
  const read = parseMoney(text, currency);
  return read.ok ? moneyText(read.money, reader.recipient.locale) : text;
};

function factsOf(reader: Reader, request: BudgetRequest): Html {
  const { currency, costs, granted, closeOutDueAt } = request;
  const amount = (text: string): string => money(reader, text, currency);
  const isOnly = (is: boolean, key: string) => (is ? say(reader, `budget.${key}_yes`) : null);
  return facts([
    statusFact(reader, request, say(reader, `budget.status_of.${request.status}`)),
    [say(reader, 'budget.requester'), nameOf(request.requester)],
    [
      say(reader, 'budget.kind'),
      raw(phraseHtml(`budgetRequest.kind.${request.kind}`, {}, reader.recipient)),
    ],
    [say(reader, 'budget.asked'), amount(request.asked)],
    [say(reader, 'budget.granted'), granted === null ? null : amount(granted)],
    [say(reader, 'budget.raised_to'), request.raise && amount(request.raise.total)],
    [say(reader, 'budget.fee'), costs && amount(costs.fee)],
    [say(reader, 'budget.travel'), costs && amount(costs.travel)],
    [say(reader, 'budget.tax'), costs && amount(costs.tax)],
    [
      say(reader, 'budget.service'),
      request.serviceMonths === 0
        ? null
        : say(reader, 'budget.months', { months: request.serviceMonths }),
    ],
    [say(reader, 'budget.professionals'), isOnly(request.involvesProfessionals, 'professionals')],
    [say(reader, 'budget.exception'), isOnly(request.isException, 'exception')],
    [
      say(reader, 'budget.close_by'),
      closeOutDueAt === null ? null : instant(reader, closeOutDueAt),
    ],
  ]);
}

const explained = (reader: Reader, sentences: readonly string[]): Html | string =>
  sentences.length === 0
    ? ''
    : html`<h2>${say(reader, 'why')}</h2>
        ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;

const written = (reader: Reader, key: string, text: string | null): Html | string =>
  text === null
    ? ''
    : html`<h2>${say(reader, key)}</h2>
        ${words(text)}`;

const instalments = (reader: Reader, { instalments: given, currency }: BudgetRequest): Html =>
  html`<h2 id="instalments">${say(reader, 'budget.instalments')}</h2>
    <table class="stacked" aria-labelledby="instalments">
      <thead>
        <tr>
          <th scope="col">${say(reader, 'budget.due')}</th>
          <th scope="col">${say(reader, 'budget.amount')}</th>
          <th scope="col">${say(reader, 'budget.spent')}</th>
          <th scope="col">${say(reader, 'budget.evidence')}</th>
        </tr>
      </thead>
      <tbody>
        ${given.map(
          ({ due, amount, spent, evidence }) =>
            html`<tr>
              <th scope="row">${say(reader, 'budget.day', { day: { day: due } })}</th>
              ${cell(text(reader, 'budget.amount'), amountOf(money(reader, amount, currency)))}
              ${cell(
                text(reader, 'budget.spent'),
                spent === null ? '' : amountOf(money(reader, spent, currency)),
              )}
              ${cell(text(reader, 'budget.evidence'), html`<bdi>${evidence ?? ''}</bdi>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;

const attachments = (reader: Reader, { id, attachments: files }: BudgetRequest): Html | string =>
  files.length === 0
    ? ''
    : html`<h2>${say(reader, 'budget.attachments')}</h2>
        <ul class="list">
          ${files.map(
            (file) =>
              html`<li>
                <a href="${taskPath(id)}/attachments/${file.id}" download>${nameOf(file)}</a>
              </li>`,
          )}
        </ul>`;

const deciders = (reader: Reader, { steps }: BudgetRequest): Html =>
  html`<h2>${say(reader, 'budget.deciders')}</h2>
    <ol class="timeline">
      ${steps
        .filter(({ needs }) => needs > 0)
        .map(
          ({ needs, seats, isCurrent }) =>
            html`<li ${isCurrent ? html`aria-current="step"` : ''}>
              ${seats.map((seat) => html`${seatOf(reader, seat)} `)}
              <br /><span class="muted">${say(reader, 'budget.needed', { needs })}</span>
            </li>`,
        )}
    </ol>`;

type Seat = BudgetRequest['steps'][number]['seats'][number];

const seatOf = (reader: Reader, { person, insteadOf, added, decidedBy }: Seat): Html =>
  html`<span>
    ${nameOf(person)}
    ${insteadOf ? say(reader, 'budget.instead_of', { person: insteadOf.name }) : ''}
    ${added ? say(reader, 'budget.asked_too', { person: added.name }) : ''}
    ${decidedBy ? say(reader, 'budget.decided_by', { person: decidedBy.name }) : ''}
  </span>`;

/** What was asked, answered and given as a reason, in the words of whoever said it. */
const said = (reader: Reader, { timeline: entries }: BudgetRequest): Html | string => {
  const texts = entries.filter(({ text }) => text !== null);
  return texts.length === 0
    ? ''
    : html`<h2>${say(reader, 'budget.said')}</h2>
        ${texts.map(
          ({ sentence, text }) =>
            html`<p class="muted">${sentence}</p>
              ${words(text ?? '')}`,
        )}`;
};

/** Of the instalments, in their order. */
const amountNames = Array.from({ length: instalmentsMax }, (_, index) => `amount${index}`);
const amountShape = Object.fromEntries(amountNames.map((name) => [name, z.string().optional()]));

const formShape = z.object({
  ...hiddenShape,
  choice: z.enum([
    'approve',
    'reject',
    'ask',
    'answer',
    'except',
    'prove',
    'raise',
    'close',
    'withdraw',
  ]),
  ...amountShape,
  asked: z.string().max(500).optional(),
  amount: z.string().optional(),
  instalment: z.string().regex(/^\d$/).optional(),
  exception: z.string().optional(),
  text: z.string().optional(),
  lesson: z.string().optional(),
  lessonKind: z.string().optional(),
});
type Form = z.output<typeof formShape>;

type SettleParts = SignedIn & { readonly budgets: BudgetParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleBudget(
  { budgets, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { text = '', amount = '', lesson = '', exception = '' } = read;
  const amounts = sentAmounts(read);
  const fields = { text, amount, lesson, exception, ...amounts };
  const { asked, party } = commandOf(reader.actor, id, read);
  const { locale } = reader.recipient;
  const given = Object.entries({ amount, ...amounts });
  const said = given.map(([name, value]) => [name, writtenAmount(value, locale)] as const);
  return unlessRefused({ ...reader, text, fields }, async () => {
    await settle(budgets, asked, { id, party, form: { ...read, ...Object.fromEntries(said) } });
  });
}

type Commanding = ReturnType<typeof commandOf>;
interface Filled {
  readonly id: string;
  readonly party: Commanding['party'];
  readonly form: Form;
}

async function settle(
  budgets: BudgetParts,
  asked: Commanding['asked'],
  { id, party, form }: Filled,
): Promise<void> {
  const { choice, text = '', amount = '', instalment = '0' } = form;
  switch (choice) {
    case 'approve': {
      const body = bodyOf(approveBody, { ...party, ...changedAmounts(form) });
      await budgetSteps.approve.run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'reject':
    case 'ask':
    case 'answer': {
      const body = bodyOf(wordsBody, { ...party, text });
      await budgetSteps[choice].run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'except': {
      const body = bodyOf(exceptBody, { ...party, text, amount });
      await budgetSteps.except.run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'prove': {
      const sent = { ...party, text, amount, instalment: Number(instalment) };
      const body = bodyOf(instalmentBody, sent);
      await budgetSteps.prove.run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'raise': {
      const exception = form.exception === 'yes';
      const sent = { ...party, text, amount, instalment: Number(instalment), exception };
      const body = bodyOf(raiseBody, sent);
      await budgetSteps.raise.run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'close': {
      const body = bodyOf(closeBody, { ...party, text, ...lessonOf(form) });
      await budgetSteps.close.run(budgets, { ...asked, input: { id, ...body } });
      return;
    }
    case 'withdraw':
      await budgetSteps.withdraw.run(budgets, { ...asked, input: { id, ...party } });
  }
}

/** None where the form was sent with the amounts that it showed. */
function changedAmounts(form: Form): { readonly amounts?: readonly string[] } {
  const { asked = '' } = form;
  const given = Object.values(sentAmounts(form));
  return given.join(' ') === asked ? {} : { amounts: given };
}

/** By their fields, one an instalment and in its order. */
function sentAmounts(form: Form): Readonly<Record<string, string>> {
  const sent: Readonly<Record<string, unknown>> = form;
  return Object.fromEntries(
    amountNames.flatMap((name) => {
      const amount = sent[name];
      return typeof amount === 'string' ? [[name, amount.trim()] as const] : [];
    }),
  );
}

const lessonOf = ({ lesson = '', lessonKind = '' }: Form): object =>
  lesson.trim() === '' ? {} : { lesson: { kind: lessonKind, text: lesson } };
