import { array, assert, double, nat, option, property } from 'fast-check';
import { expect, test } from 'vitest';
import { failingMsMax, nextTry } from '../../../domain/webhook/next-try.ts';

const since = Date.UTC(2027, 0, 4, 8);
const end = since + failingMsMax;
const failed = { at: since, failingSince: since, attempts: 1, retryAfterMs: null, chance: 1 };

test('waits double from ten seconds to four hours, and each is a random share of its own', () => {
  const waits = [1, 2, 3, 11, 12, 60].map((attempts) => nextTry({ ...failed, attempts })! - since);
  const hours4 = 4 * 3_600_000;
  expect(waits).toEqual([10_000, 20_000, 40_000, 10_240_000, hours4, hours4]);
  expect(nextTry({ ...failed, attempts: 3, chance: 0.25 })).toBe(since + 10_000);
  expect(nextTry({ ...failed, attempts: 3, chance: 0 })).toBe(since);
});

test('a receiver that asks for more time gets it', () => {
  expect(nextTry({ ...failed, retryAfterMs: 3_600_000 })).toBe(since + 3_600_000);
  expect(nextTry({ ...failed, attempts: 12, retryAfterMs: 1_000 })).toBe(since + 4 * 3_600_000);
});

test('the last try is at the end of the three days, whatever came before', () => {
  const chances = array(double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1 });
  assert(
    property(chances, option(nat({ max: 86_400_000 })), (shares, retryAfterMs) => {
      let at = since;
      let attempts = 1;
      for (;;) {
        const chance = shares[attempts % shares.length]!;
        const next = nextTry({ at, failingSince: since, attempts, retryAfterMs, chance });
        if (next === null) break;
        expect(next).toBeGreaterThan(at);
        expect(next).toBeLessThanOrEqual(end);
        at = next;
        attempts += 1;
      }
      expect(at).toBe(end);
    }),
    { numRuns: 50 },
  );
});
