import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencies, digitsOf } from '../../../domain/currency.ts';
import { convert, decimalOf, minorMax, parseMoney } from '../../../domain/money.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const numRuns = proofSize(500, 100_000);
const timeout = proofSize(60_000, 1_800_000);
const currency = fc.constantFrom(...currencies);
const digits = (from: string) => fc.constantFrom(...from.split(' '));

test('an amount of any currency is read as it was written', { timeout }, () => {
  expect(currencies.length).toBeGreaterThan(150);
  for (const one of currencies) {
    const money = { minor: 123_456n, currency: one };
    expect(parseMoney(decimalOf(money), one)).toEqual({ ok: true, money });
  }
  fc.assert(
    fc.property(currency, fc.bigInt(0n, minorMax), (one, minor) => {
      const money = { minor, currency: one };
      expect(parseMoney(decimalOf(money), one)).toEqual({ ok: true, money });
    }),
    { numRuns, seed: proofSeed },
  );
  reportProof('amounts read as written', numRuns);
});

test('text that is read at all is written the same, but for zeros at its end', { timeout }, () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: digits('0 1 2 3 4 5 6 7 8 9 . - + e ١ １') }),
    fc.string({ unit: digits('0 1 2 3 4 5 6 7 8 9 .') }),
  );
  fc.assert(
    fc.property(text, currency, (written, one) => {
      const read = parseMoney(written, one);
      if (!read.ok) return;
      const [whole, fraction = ''] = written.split('.');
      const [again, rest = ''] = decimalOf(read.money).split('.');
      expect([again, rest]).toEqual([whole, fraction.padEnd(rest.length, '0')]);
    }),
    { numRuns, seed: proofSeed },
  );
});

test(
  'what is converted and what rounding took are the whole, to half a millionth',
  { timeout },
  () => {
    const rate = fc.record({
      numerator: fc.bigInt(1n, 10n ** 12n),
      denominator: fc.bigInt(1n, 10n ** 12n),
    });
    fc.assert(
      fc.property(currency, currency, rate, fc.bigInt(0n, 10n ** 12n), (from, to, by, minor) => {
        const converted = convert({ minor, currency: from }, to, by);
        if (!converted) return;
        const denominator = by.denominator * 10n ** BigInt(digitsOf(from) ?? 0);
        const exact = minor * by.numerator * 10n ** BigInt(digitsOf(to) ?? 0) * 1_000_000n;
        const { money, roundedMillionths } = converted;
        const off = (money.minor * 1_000_000n - roundedMillionths) * denominator - exact;
        expect(2n * (off < 0n ? -off : off) <= denominator).toBe(true);
        expect(roundedMillionths <= 500_000n && roundedMillionths >= -500_000n).toBe(true);
      }),
      { numRuns, seed: proofSeed },
    );
  },
);
