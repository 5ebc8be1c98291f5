import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { distributionOf, quantile } from '../../../domain/fairness/distribution.ts';
import { shownParts } from '../../../domain/fairness/small-groups.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const numRuns = proofSize(500, 50_000);
const run = { numRuns, seed: proofSeed };

const anyWhole = fc
  .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 })
  .map((sizes) => new Map(sizes.map((size, index) => [`team-${index}`, size])));

/**
 * What somebody learns who adds and takes away whatever is shown: for every way of choosing among
 * the shown parts, how many people are in it and how many are in the rest of the whole.
 */
function groupsTold(sizes: ReadonlyMap<string, number>): readonly number[] {
  const whole = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (whole < 5) return []; // the whole is not shown, and nothing of it
  const shown = [...shownParts(sizes)];
  const told: number[] = [];
  for (let choice = 0; choice < 2 ** shown.length; choice++) {
    const chosen = shown.filter((_, index) => Math.floor(choice / 2 ** index) % 2 === 1);
    const people = chosen.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
    told.push(people, whole - people);
  }
  return told;
}

test('no sum and no difference of what is shown tells of one to four people', () => {
  reportProof('small groups, attacked by differencing', numRuns);
  fc.assert(
    fc.property(anyWhole, (sizes) => {
      expect(groupsTold(sizes).filter((people) => people > 0 && people < 5)).toEqual([]);
    }),
    run,
  );
});

test.for([
  ['a team of four beside one of nine: neither', { a: 4, b: 9 }, []],
  ['two of three make up for each other', { a: 2, b: 3, c: 7 }, ['c']],
  ['the smallest large one hides what four would tell', { a: 4, b: 8, c: 6 }, ['b']],
  ['nothing small, nothing hidden', { a: 5, b: 5 }, ['a', 'b']],
  ['one team is the whole', { a: 6 }, ['a']],
  ['nobody hides nothing', { a: 0, b: 6 }, ['b']],
  ['four are too few for anything', { a: 4 }, []],
] as const)('%s', ([, sizes, shown]) => {
  expect([...shownParts(new Map(Object.entries(sizes)))].sort()).toEqual(shown);
});

/** A naive sort, and the definition in words: as many parts below as above, in proportion between. */
function byCounting(values: readonly number[], share: number): number {
  const sorted = [...values];
  for (let i = 0; i < sorted.length; i++) {
    for (let k = i + 1; k < sorted.length; k++) {
      if (sorted[k]! < sorted[i]!) [sorted[i], sorted[k]] = [sorted[k]!, sorted[i]!];
    }
  }
  let below = 0;
  while ((below + 1) / (sorted.length - 1) <= share) below++;
  if (below >= sorted.length - 1) return sorted[sorted.length - 1]!;
  const part = share * (sorted.length - 1) - below;
  return sorted[below]! * (1 - part) + sorted[below + 1]! * part;
}

const minutes = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 40, size: 'max' });

test('quartiles and medians are those of a naive sort, and the share is that of the largest', () => {
  fc.assert(
    fc.property(minutes, (values) => {
      const { total, lowerQuartile, median, upperQuartile, largestShare } = distributionOf(values);
      expect(total).toBe(values.reduce((sum, value) => sum + value, 0));
      expect(lowerQuartile).toBeCloseTo(byCounting(values, 0.25), 6);
      expect(median).toBeCloseTo(byCounting(values, 0.5), 6);
      expect(upperQuartile).toBeCloseTo(byCounting(values, 0.75), 6);
      expect(largestShare === null ? 0 : largestShare * total).toBeCloseTo(Math.max(...values), 6);
    }),
    run,
  );
});

test('a quantile lies between two neighbours, whichever share is asked for', () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(minutes, shares, (values, share) => {
      const sorted = values.toSorted((a, b) => a - b);
      const found = quantile(sorted, share);
      const atMost = sorted.filter((value) => value <= found + 1e-9).length;
      const atLeast = sorted.filter((value) => value >= found - 1e-9).length;
      expect(atMost).toBeGreaterThanOrEqual(Math.floor(share * (sorted.length - 1)) + 1);
      expect(atLeast).toBeGreaterThanOrEqual(
        sorted.length - Math.ceil(share * (sorted.length - 1)),
      );
    }),
    run,
  );
});
