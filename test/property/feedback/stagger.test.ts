import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAsk } from '../../../domain/feedback-round/stagger.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const dayMs = 86_400_000;
const runs = { numRuns: proofSize(500, 50_000), seed: proofSeed };
const days = fc.nat(60).map((day) => day * dayMs);

/** As it was promised, and not as the rule has it. */
const asksMax = 2;
const asksWithinMs = 14 * dayMs;

/** By counting in every fortnight that begins on any day. */
const isTooMuch = (asks: readonly number[]): boolean =>
  Array.from({ length: 130 }, (_, day) => (day - 30) * dayMs).some(
    (begin) => asks.filter((at) => begin <= at && at < begin + asksWithinMs).length > asksMax,
  );

test('nobody is ever asked for more than two answers in a fortnight, and no later than needed', () => {
  fc.assert(
    fc.property(fc.array(days, { maxLength: 8 }), days, (wanted, from) => {
      const asks: number[] = [];
      for (const at of wanted) asks.push(nextAsk(asks, at));
      expect(isTooMuch(asks)).toBe(false);
      const next = nextAsk(asks, from);
      expect(next).toBeGreaterThanOrEqual(from);
      expect(isTooMuch([...asks, next])).toBe(false);
      for (let at = from; at < next; at += dayMs) expect(isTooMuch([...asks, at])).toBe(true);
    }),
    runs,
  );
});
