/** The forms of a budget request, by the kind of the step that is open. */
import { html } from 'hono/html';
import type { BudgetRequest } from '../api/budget-requests/present.ts';
import { amountLengthMax, wordsLengthMax } from '../api/budget-requests/schema.ts';
import { type Html, type Reader, say } from './html.ts';
import type { ReadersStep } from './loop-form.ts';
import { choiceButtons, loopForm, stepSection } from './loop-page.ts';

type Kept = Readonly<Record<string, string>>;

interface Field {
  readonly id: string;
  readonly name: string;
  readonly label: Html;
  readonly value: string;
}

const amountField = ({ id, name, label, value }: Field): Html =>
  html`<label for="${id}">${label}</label>
    <input
      id="${id}"
      name="${name}"
      value="${value}"
      inputmode="decimal"
      dir="ltr"
      autocomplete="off"
      maxlength="${amountLengthMax}"
    />`;

const wordsField = ({ id, name, label, value }: Field): Html =>
  html`<label for="${id}">${label}</label>
    <textarea id="${id}" name="${name}" dir="auto" maxlength="${wordsLengthMax}">
${value}</textarea>`;

const choice = (reader: Reader, name: string, isQuiet = false) => ({
  choice: name,
  label: say(reader, `budget.choice.${name}`),
  isQuiet,
});

/** For more than the line has; of an exception it need not be said. */
export const exceptionBox = (reader: Reader, kept: Kept): Html =>
  html`<label class="choice">
    <input
      type="checkbox"
      name="exception"
      value="yes"
      ${kept['exception'] === 'yes' ? html`checked` : ''}
    />
    ${say(reader, 'budget_ask.exception')}
  </label>`;

export function budgetForm(
  reader: Reader,
  request: BudgetRequest,
  step: ReadersStep,
  kept: Kept,
): Html {
  const id = step.onBehalfOf?.id ?? 'me';
  const text = (label: Html) =>
    wordsField({ id: `text-${id}`, name: 'text', label, value: kept['text'] ?? '' });
  switch (step.kind) {
    case 'budgetRequest.decide':
      return stepSection(
        reader,
        request,
        step,
        html`${amounts(reader, request, { id, kept })} ${text(say(reader, 'your_words'))}
        ${choiceButtons([
          choice(reader, 'approve'),
          choice(reader, 'reject', true),
          choice(reader, 'ask', true),
        ])}`,
      );
    case 'budgetRequest.except':
      return stepSection(
        reader,
        request,
        step,
        html`${amountField({
          id: `amount-${id}`,
          name: 'amount',
          label: say(reader, 'budget.raise_by'),
          value: kept['amount'] ?? '',
        })}
        ${text(say(reader, 'your_words'))}
        ${choiceButtons([
          choice(reader, 'except'),
          choice(reader, 'reject', true),
          choice(reader, 'ask', true),
        ])}`,
      );
    case 'budgetRequest.answer':
      return stepSection(
        reader,
        request,
        step,
        html`${text(say(reader, 'your_words'))} ${choiceButtons([choice(reader, 'answer')])}`,
      );
    default:
      return closeOutForms(reader, request, step, kept);
  }
}

/** As they stand; whoever approves may give less. */
function amounts(
  reader: Reader,
  { instalments }: BudgetRequest,
  { id, kept }: { readonly id: string; readonly kept: Kept },
): Html {
  const asked = instalments.map(({ amount }) => amount);
  return html`<input type="hidden" name="asked" value="${asked.join(' ')}" /> ${instalments.map(
      ({ due, amount }, index) =>
        amountField({
          id: `amount-${index}-${id}`,
          name: `amount${index}`,
          label: say(reader, 'budget.amount_of', { day: { day: due } }),
          value: kept[`amount${index}`] ?? amount,
        }),
    )}`;
}

function closeOutForms(
  reader: Reader,
  request: BudgetRequest,
  step: ReadersStep,
  kept: Kept,
): Html {
  const isAnySpent = request.instalments.some(({ spent }) => spent !== null);
  const unspent = request.instalments.flatMap((one, index) =>
    one.spent === null ? [{ ...one, index }] : [],
  );
  return html`${unspent.length === 0 ? '' : spentForm(reader, request, { step, kept, unspent })}
  ${isAnySpent ? outcomeForm(reader, request, { step, kept }) : ''}`;
}

interface Filled {
  readonly step: ReadersStep;
  readonly kept: Kept;
}
interface Spending extends Filled {
  readonly unspent: readonly (BudgetRequest['instalments'][number] & { readonly index: number })[];
}

const spentForm = (
  reader: Reader,
  request: BudgetRequest,
  { step, kept, unspent }: Spending,
): Html =>
  stepSection(
    reader,
    request,
    step,
    html`<label for="instalment">${say(reader, 'budget.instalment')}</label>
      <select id="instalment" name="instalment">
        ${unspent.map(
          ({ index, due }) =>
            html`<option value="${index}">
              ${say(reader, 'budget.day', { day: { day: due } })}
            </option>`,
        )}
      </select>
      ${amountField({
        id: 'spent',
        name: 'amount',
        label: say(reader, 'budget.amount_spent'),
        value: kept['amount'] ?? '',
      })}
      ${wordsField({
        id: 'evidence',
        name: 'text',
        label: say(reader, 'budget.what_shows'),
        value: kept['text'] ?? '',
      })}
      ${request.isException ? '' : exceptionBox(reader, kept)}
      ${choiceButtons([choice(reader, 'prove'), choice(reader, 'raise', true)])}`,
  );

const outcomeForm = (reader: Reader, request: BudgetRequest, { step, kept }: Filled): Html =>
  stepSection(
    reader,
    request,
    step,
    html`${wordsField({
        id: 'outcome',
        name: 'text',
        label: say(reader, 'budget.learned'),
        value: kept['text'] ?? '',
      })}
      <label for="lesson-kind">${say(reader, 'budget.lesson_kind')}</label>
      <select id="lesson-kind" name="lessonKind">
        <option value="win">${say(reader, 'budget.lesson_win')}</option>
        <option value="failure">${say(reader, 'budget.lesson_failure')}</option>
      </select>
      ${wordsField({
        id: 'lesson',
        name: 'lesson',
        label: say(reader, 'budget.lesson'),
        value: kept['lesson'] ?? '',
      })}
      ${choiceButtons([choice(reader, 'close')])}`,
  );

/** For the requester: before anything is spent. */
export function withdrawForm(reader: Reader, request: BudgetRequest): Html | string {
  const isUnspent = request.instalments.every(({ spent }) => spent === null);
  const isOpen = request.closedAt === null && !request.isHeld;
  return isOpen && isUnspent
    ? loopForm(request, null, choiceButtons([choice(reader, 'withdraw', true)]))
    : '';
}
