import { expect, test } from 'vitest';
import { readReferenceRates } from '../../../domain/budget/reference-rates.ts';

const published = `Date,USD,JPY,CYP,
2026-11-24,1.1314,128.27,N/A,
2026-11-23,1.1278,N/A,N/A,
`;

test('rates are read by day and currency; where none was set, none is there', () => {
  expect(readReferenceRates(published)).toEqual({
    ok: true,
    rates: [
      { day: '2026-11-24', currency: 'USD', unitsPerEuro: '1.1314' },
      { day: '2026-11-24', currency: 'JPY', unitsPerEuro: '128.27' },
      { day: '2026-11-23', currency: 'USD', unitsPerEuro: '1.1278' },
    ],
  });
});

test('line ends, a mark at the start and a missing last comma make no difference', () => {
  const other = `\uFEFF${published.replaceAll(',\n', '\r\n')}`;
  expect(readReferenceRates(other)).toEqual(readReferenceRates(published));
});

test.for([
  ['another file', 'Day;USD\n', 1],
  ['nothing', '', 1],
  ['a currency in small letters', 'Date,usd,\n', 1],
  ['a currency twice', 'Date,USD,USD,\n', 1],
  ['a day that is none', 'Date,USD,\n2026-02-30,1.1,\n', 2],
  ['a day twice', 'Date,USD,\n2026-11-24,1.1,\n2026-11-24,1.1,\n', 3],
  ['a rate too few', 'Date,USD,JPY,\n2026-11-24,1.1\n', 2],
  ['a rate too many', 'Date,USD,\n2026-11-24,1.1,2.2,\n', 2],
  ['a rate of zero', 'Date,USD,\n2026-11-24,0,\n', 2],
  ['a rate below zero', 'Date,USD,\n2026-11-24,-1.1,\n', 2],
  ['a rate with an exponent', 'Date,USD,\n2026-11-24,1e3,\n', 2],
] as const)('%s is refused whole, by its line', ([, text, line]) => {
  expect(readReferenceRates(text)).toMatchObject({ ok: false, line });
});
