/** An amount as its reader writes it, with the decimal places of ISO 4217 rather than of the runtime. */
import { present } from '../domain/assert.ts';
import { digitsOf } from '../domain/currency.ts';
import { decimalOf, type Money } from '../domain/money.ts';

/** Isolated, so that sign, digits and currency stay together in a line of the other direction. */
export const moneyText = (money: Money, locale: string): string =>
  `\u2068${plainMoney(money, locale)}\u2069`;

/**
 * What a reader writes into a form, as amounts are read: a single comma between digits is a point in
 * languages that write one there. Anything else stays as it is, for the rules to say what is wrong.
 */
export function writtenAmount(text: string, locale: string): string {
  const written = text.trim();
  const parts = new Intl.NumberFormat(`${locale}-u-nu-latn`).formatToParts(0.5);
  const isComma = parts.some(({ type, value }) => type === 'decimal' && value === ',');
  return isComma && /^\d+,\d+$/.test(written) ? written.replace(',', '.') : written;
}

/** For whoever isolates it. */
export function plainMoney(money: Money, locale: string): string {
  const digits = present(digitsOf(money.currency), money.currency);
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // As text, since a number holds no more than 15 digits.
  }).format(decimalOf(money) as Intl.StringNumericLiteral);
}
