/** The forms of a budget line: what it has, and that it ends; each says first what it would do. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type BudgetLineParts,
  budgetLineOperations,
  type BudgetLineShown,
} from '../api/budget-lines/operations.ts';
import { allocationBody, closeBody } from '../api/budget-lines/schema.ts';
import { carriesOver } from '../db/budget-lines.ts';
import { derivedId } from '../db/derived-id.ts';
import { decimalOf, parseMoney } from '../domain/money.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { budgetLinePath } from '../locales/links.ts';
import { writtenAmount } from '../locales/money.ts';
import { lineMoney, sayLine } from './budget-line-words.ts';
import type { Html, Reader } from './html.ts';
import { bodyOf, count, readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';

const choices = ['preview', 'save', 'previewClose', 'close'] as const;
const formShape = z.object({
  key: z.uuid(),
  revision: count,
  choice: z.enum(choices).default('save'),
  to: z.string().optional(),
  reason: z.string().optional(),
  carryOver: z.enum(['no', 'yes']).optional(),
});

export type KeptFields = Readonly<Record<string, string>>;

export interface LineForm {
  readonly kept: KeptFields;
  /** Does it, or answers what it would do. */
  run(): Promise<Html | null>;
}

export function lineForm(
  parts: BudgetLineParts,
  reader: SignedIn,
  { id, sent }: { readonly id: string; readonly sent: unknown },
): LineForm {
  const {
    key,
    revision: seen,
    choice,
    to = '',
    reason = '',
    carryOver = 'no',
  } = readForm(formShape, sent);
  const { actor } = reader;
  const amount = writtenAmount(to, reader.recipient.locale);
  const commandId = derivedId('form', actor.id, id, key);
  const shown = () => budgetLineOperations.read.run(parts, { actor, input: { id } });
  const acts: Readonly<Record<(typeof choices)[number], () => Promise<Html | null>>> = {
    preview: async () => funding(reader, await shown(), amount),
    async save() {
      const input = { id, ...bodyOf(allocationBody, { to: amount, reason }) };
      await budgetLineOperations.allocate.run(parts, { actor, input, commandId, seen });
      return null;
    },
    previewClose: async () => closing(parts, reader, { line: await shown(), carryOver }),
    async close() {
      const input = { id, ...bodyOf(closeBody, { carryOver: carryOver === 'yes' }) };
      await budgetLineOperations.close.run(parts, { actor, input, commandId, seen });
      return null;
    },
  };
  return { kept: { to, reason, carryOver }, run: acts[choice] };
}

const minorOf = (amount: string, currency: string): bigint => {
  const read = parseMoney(amount, currency);
  if (!read.ok) throw new Refusal(read.problem);
  return read.money.minor;
};

/** Refused as the change itself would be, with what is reserved and what is spent. */
function funding(reader: Reader, line: BudgetLineShown, to: string): Html {
  const { currency, reserved, committed } = line;
  const after = minorOf(to, currency);
  const used = minorOf(reserved, currency) + minorOf(committed, currency);
  if (after < used)
    throw new Refusal(problem('budget.below_used', { reserved, committed, currency }));
  const money = (amount: string): string => lineMoney(reader, amount, currency);
  return sayLine(reader, 'would', {
    to: money(decimalOf({ minor: after, currency })),
    reserved: money(reserved),
    committed: money(committed),
    available: money(decimalOf({ minor: after - used, currency })),
  });
}

interface Closing {
  readonly line: BudgetLineShown;
  readonly carryOver: string;
}

async function closing(
  { db, clock }: BudgetLineParts,
  reader: Reader,
  { line, carryOver }: Closing,
): Promise<Html> {
  const { id, currency, reserved, available } = line;
  const carried = carryOver === 'yes' ? await carriesOver(db, { line: id, at: clock.now() }) : 0n;
  if (typeof carried !== 'bigint') throw new Refusal(carried);
  return sayLine(reader, 'close.would', {
    reserved: lineMoney(reader, reserved, currency),
    available: lineMoney(reader, available, currency),
    carried: lineMoney(reader, decimalOf({ minor: carried, currency }), currency),
  });
}

const hidden = ({ revision }: BudgetLineShown): Html =>
  html`<input type="hidden" name="key" value="${randomUUID()}" />
    <input type="hidden" name="revision" value="${revision}" />`;

export function lineForms(reader: Reader, line: BudgetLineShown, kept: KeptFields): Html {
  const { id, currency, allocated } = line;
  const option = (value: string): Html =>
    html`<option value="${value}" ${kept['carryOver'] === value ? 'selected' : ''}>
      ${sayLine(reader, `close.carry_${value}`)}
    </option>`;
  return html`<form method="post" action="${budgetLinePath(id)}" class="step">
      <h2>${sayLine(reader, 'change')}</h2>
      ${hidden(line)}
      <label for="to">${sayLine(reader, 'to')} (${currency})</label>
      <input
        id="to"
        name="to"
        inputmode="decimal"
        dir="ltr"
        required
        value="${kept['to'] || allocated}"
      />
      <label for="reason">${sayLine(reader, 'reason')}</label>
      <input id="reason" name="reason" maxlength="500" dir="auto" value="${kept['reason'] ?? ''}" />
      ${choiceButtons([
        { choice: 'save', label: sayLine(reader, 'save') },
        { choice: 'preview', label: sayLine(reader, 'preview'), isQuiet: true },
      ])}
    </form>
    <form method="post" action="${budgetLinePath(id)}" class="step">
      <h2>${sayLine(reader, 'close.title')}</h2>
      <p>${sayLine(reader, 'close.hint')}</p>
      ${hidden(line)}
      <label for="carryOver">${sayLine(reader, 'close.carry')}</label>
      <select id="carryOver" name="carryOver">
        ${['no', 'yes'].map(option)}
      </select>
      ${choiceButtons([
        { choice: 'previewClose', label: sayLine(reader, 'preview') },
        { choice: 'close', label: sayLine(reader, 'close.send'), isQuiet: true },
      ])}
    </form>`;
}
