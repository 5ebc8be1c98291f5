import { expect, test } from 'vitest';
import { data, publishDate } from 'currency-codes';
import { currencies, digitsOf } from '../../../domain/currency.ts';
import {
  convert,
  crossRate,
  decimalOf,
  divideHalfEven,
  parseMoney,
  parseRate,
} from '../../../domain/money.ts';
import { present } from '../../../domain/assert.ts';
import { moneyText } from '../../../locales/money.ts';

test.for([
  ['JPY', 0],
  ['EUR', 2],
  ['KWD', 3],
  ['CLF', 4],
  ['XAU', null],
  ['XXX', null],
  ['eur', null],
  ['ABC', null],
] as const)('%s is paid with the decimal places of ISO 4217: %s', ([currency, digits]) => {
  expect(digitsOf(currency)).toBe(digits);
});

test('every currency of the published list is there with its decimal places, but what nobody pays in', () => {
  expect(publishDate).toBe('2024-06-25'); // a newer list: look at what it adds
  const published = new Map(data.map(({ code, digits }) => [code, digits]));
  const others = [...published.keys()].filter((code) => digitsOf(code) === null).toSorted();
  expect(others.join(' ')).toBe(
    'BOV CHE CHW COU MXV USN UYI UYW XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX',
  );
  const ours = currencies.map((code) => [code, digitsOf(code)]);
  const theirs = ours.map(([code]) => [code, published.get(String(code))]);
  expect(ours.filter(([code]) => code !== 'XCG')).toEqual(
    theirs.filter(([code]) => code !== 'XCG'),
  );
});

test.for([
  ['a third decimal place', '1.005', 'EUR', 'money.digits'],
  ['a third decimal place that is zero', '1.000', 'EUR', 'money.digits'],
  ['half a yen', '0.5', 'JPY', 'money.digits'],
  ['full-width digits', '１２', 'EUR', 'money.malformed'],
  ['Arabic digits', '١٢', 'SAR', 'money.malformed'],
  ['an exponent', '1e3', 'EUR', 'money.malformed'],
  ['a comma', '1,50', 'EUR', 'money.malformed'],
  ['a group mark', '1 000', 'EUR', 'money.malformed'],
  ['a point with nothing after', '1.', 'EUR', 'money.malformed'],
  ['a line break', '1\n', 'EUR', 'money.malformed'],
  ['leading zeros', '007', 'EUR', 'money.malformed'],
  ['nothing', '', 'EUR', 'money.malformed'],
  ['a minus', '-1', 'EUR', 'money.signed'],
  ['a minus of typesetters', '−1', 'EUR', 'money.signed'],
  ['a plus', '+1', 'EUR', 'money.signed'],
  ['2^63', '9223372036854775808', 'JPY', 'money.too_large'],
  ['2^63 in cents', '92233720368547758.08', 'EUR', 'money.too_large'],
  ['a million digits', '9'.repeat(1_000_000), 'EUR', 'money.too_large'],
  ['gold', '1', 'XAU', 'money.currency_unknown'],
] as const)('%s is refused by its name', ([, text, currency, code]) => {
  expect(parseMoney(text, currency)).toMatchObject({ ok: false, problem: { code } });
});

test('who writes too many decimal places is told how many there may be', () => {
  expect(parseMoney('1.0005', 'KWD')).toMatchObject({
    problem: { params: { currency: 'KWD', digits: 3 } },
  });
});

test('the largest amount is one below 2^63', () => {
  const money = { minor: 2n ** 63n - 1n, currency: 'JPY' };
  expect(parseMoney('9223372036854775807', 'JPY')).toEqual({ ok: true, money });
});

test.for([
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [-5n, 2n, -2n],
  [-7n, 2n, -4n],
  [8n, 3n, 3n],
  [-1n, 3n, 0n],
] as const)('%s / %s is %s: halves go to the even one', ([numerator, denominator, rounded]) => {
  expect(divideHalfEven(numerator, denominator)).toBe(rounded);
});

test('dollars become dinars through the euro, and what rounding added is said', () => {
  const [usd, kwd] = [present(parseRate('1.25'), 'a rate'), present(parseRate('0.3333'), 'a rate')];
  // 100.00 / 1.25 × 0.3333 = 26.664
  expect(convert({ minor: 10_000n, currency: 'USD' }, 'KWD', crossRate(usd, kwd))).toEqual({
    money: { minor: 26_664n, currency: 'KWD' },
    roundedMillionths: 0n,
  });
  // 0.01 / 1.25 = 0.008 euros
  const euro = { numerator: 1n, denominator: 1n };
  expect(convert({ minor: 1n, currency: 'USD' }, 'EUR', crossRate(usd, euro))).toEqual({
    money: { minor: 1n, currency: 'EUR' },
    roundedMillionths: 200_000n,
  });
});

test.for(['0', '0.000', '', 'N/A', '-1', '1e3', '1.', `1${'0'.repeat(12)}`])(
  'a rate of "%s" is none',
  (text) => {
    expect(parseRate(text)).toBeNull();
  },
);

test('an amount below zero keeps its sign and its decimal places', () => {
  expect(decimalOf({ minor: -5n, currency: 'EUR' })).toBe('-0.05');
});

test.for([
  ['de', { minor: 123_456n, currency: 'EUR' }, '1.234,56 EUR'],
  ['en', { minor: 123_456n, currency: 'HUF' }, 'HUF 1,234.56'],
  ['ja', { minor: 123_456n, currency: 'JPY' }, 'JPY 123,456'],
  ['en', { minor: 2n ** 63n - 1n, currency: 'KWD' }, 'KWD 9,223,372,036,854,775.807'],
] as const)('in %s an amount is written as it is there, isolated', ([locale, money, text]) => {
  expect(moneyText(money, locale).replaceAll('\u00A0', ' ')).toBe(`\u2068${text}\u2069`);
});
