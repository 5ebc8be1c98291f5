import { expect, test } from 'vitest';
import { locales } from '../../../locales/catalogue.ts';
import { writtenAmount } from '../../../locales/money.ts';

test.for([
  ['de', '900,00', '900.00'],
  ['fr', ' 0,5 ', '0.5'],
  ['pt-BR', '1200,5', '1200.5'],
  // What could be thousands, or is no amount, is left for the rules to refuse.
  ['de', '1.200,00', '1.200,00'],
  ['de', '1,2,3', '1,2,3'],
  ['de', '1.200', '1.200'],
  ['en', '12,500', '12,500'],
  ['ja', '12,500', '12,500'],
  ['hi', '1,200', '1,200'],
] as const)('in %s, "%s" is read as %s', ([locale, written, read]) => {
  expect(writtenAmount(written, locale)).toBe(read);
});

test('what is written with a point is the same in every language', () => {
  for (const locale of locales) expect(writtenAmount('1234.50', locale)).toBe('1234.50');
});
