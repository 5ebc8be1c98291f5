/** An amount as its reader writes it, with the decimal places of ISO 4217 rather than of the runtime. */
import { present } from '../domain/assert.ts';
import { digitsOf } from '../domain/currency.ts';
import { decimalOf, type Money } from '../domain/money.ts';

/** Isolated, so that sign, digits and currency stay together in a line of the other direction. */
export const moneyText = (money: Money, locale: string): string =>
  `\u2068${plainMoney(money, locale)}\u2069`;

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
