/**
 * Amounts as whole minor units with the digits of ISO 4217; never a floating-point number. Whatever
 * is asked answers with a value or with a named problem.
 */
import { assert } from './assert.ts';
import { digitsOf } from './currency.ts';
import { type Problem, problem } from './problem.ts';

export interface Money {
  /** Cents of the euro, yen of the yen, fils of the dinar. */
  readonly minor: bigint;
  /** ISO 4217, such as `EUR`. */
  readonly currency: string;
}

export type MoneyAnswer =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly problem: Problem };

/** What a `bigint` of Postgres holds. */
export const minorMax = 2n ** 63n - 1n;
const digitsOfMax = minorMax.toString().length;

function knownDigits(currency: string): number {
  const digits = digitsOf(currency);
  assert(digits !== null, `${currency} is a currency`);
  return digits;
}

/**
 * Reads `1234.50`: digits of ASCII with at most one point, no sign, exponent, grouping or leading
 * zeros, and no more decimal places than the currency has, be they zeros.
 */
export function parseMoney(text: string, currency: string): MoneyAnswer {
  const refuse = (code: Problem['code'], params: Problem['params'] = {}): MoneyAnswer => ({
    ok: false,
    problem: problem(code, params),
  });
  const digits = digitsOf(currency);
  if (digits === null) return refuse('money.currency_unknown', { currency: currency.slice(0, 8) });
  if (/^[+\-\u2212]/.test(text)) return refuse('money.signed');
  const parts = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (!parts) return refuse('money.malformed');
  const [, whole = '', fraction = ''] = parts;
  if (fraction.length > digits) return refuse('money.digits', { currency, digits });
  // Before the conversion, which takes long for a million digits.
  if (whole.length > digitsOfMax) return refuse('money.too_large');
  const minor = BigInt(whole + fraction.padEnd(digits, '0'));
  return minor > minorMax ? refuse('money.too_large') : { ok: true, money: { minor, currency } };
}

/** With all its decimal places: what `parseMoney` reads, and a sign below zero. */
export function decimalOf({ minor, currency }: Money): string {
  const digits = knownDigits(currency);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const sign = minor < 0n ? '-' : '';
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A positive fraction, exact. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Reads a published decimal such as `1.0777`; null for what is none, or zero. */
export function parseRate(text: string): Rate | null {
  const parts = /^([0-9]{1,12})(?:\.([0-9]{1,12}))?$/.exec(text);
  if (!parts) return null;
  const [, whole = '', fraction = ''] = parts;
  const numerator = BigInt(whole + fraction);
  return numerator === 0n ? null : { numerator, denominator: 10n ** BigInt(fraction.length) };
}

/** Units of `to` for one of `from`, where both are quoted for one unit of the same third currency. */
export const crossRate = (from: Rate, to: Rate): Rate => ({
  numerator: to.numerator * from.denominator,
  denominator: to.denominator * from.numerator,
});

export interface Conversion {
  readonly money: Money;
  /** What rounding added (or, below zero, took), in millionths of the minor unit, half to even. */
  readonly roundedMillionths: bigint;
}

/** Rounds half to even, to the minor unit (IEEE 754-2019, roundTiesToEven). Null beyond `minorMax`. */
export function convert(money: Money, currency: string, rate: Rate): Conversion | null {
  const numerator = money.minor * rate.numerator * 10n ** BigInt(knownDigits(currency));
  const denominator = rate.denominator * 10n ** BigInt(knownDigits(money.currency));
  const minor = divideHalfEven(numerator, denominator);
  if (minor > minorMax || minor < -minorMax) return null;
  const added = (minor * denominator - numerator) * 1_000_000n;
  return {
    money: { minor, currency },
    roundedMillionths: divideHalfEven(added, denominator),
  };
}

/** The nearest whole number; of two that are as near, the even one. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'the denominator is above zero');
  const truncated = numerator / denominator;
  const rest = numerator - truncated * denominator;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const isUp = twice > denominator || (twice === denominator && truncated % 2n !== 0n);
  return isUp ? truncated + (rest < 0n ? -1n : 1n) : truncated;
}
