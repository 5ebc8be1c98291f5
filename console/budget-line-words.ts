/** How the pages of budget lines speak. */
import { raw } from 'hono/html';
import { parseMoney } from '../domain/money.ts';
import { Refusal } from '../domain/problem.ts';
import { moneyText } from '../locales/money.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';

export const sayLine = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`budgetLine.${key}`, values, recipient));

export function lineMoney({ recipient }: Reader, amount: string, currency: string): string {
  const negative = amount.startsWith('-');
  const read = parseMoney(negative ? amount.slice(1) : amount, currency);
  if (!read.ok) throw new Refusal(read.problem);
  const { minor } = read.money;
  return moneyText({ minor: negative ? -minor : minor, currency }, recipient.locale);
}
