/** Zones nobody has seen yet: the method must not depend on what clocks have done so far. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { type Segment, type ZoneData, findSegments } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { oracle, walkOf } from '../../support/time-oracle.ts';
import { randomCalendar } from './calendars.ts';

const dayMs = 86_400_000;
const secondMs = 1_000;
const minuteMs = 60_000;
const run = { numRuns: proofSize(200, 5_000), seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };
const around = '2026-06-15';
const middle = Date.parse(`${around}T00:00:00Z`);

const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });

/** From the instants at which an offset begins, the first of which counts from ever on. */
const offsetAt =
  (changes: readonly { readonly at: number; readonly offsetMs: number }[]) =>
  (at: number): number =>
    changes.findLast((change, index) => index === 0 || change.at <= at)?.offsetMs ?? 0;

test(
  'changes more than three days apart are found to the second, wherever they are',
  options,
  () => {
    reportProof('zones of any shape', run.numRuns);
    const gaps = fc.array(fc.integer({ min: 3 * 86_400 + 1, max: 9 * 86_400 }), { maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 86_400 }), (drawn, shift) => {
        const range = { from: middle, until: middle + 200 * dayMs };
        const expected: Segment[] = [];
        let [from, offsetMs] = [range.from, 0];
        let at = middle + shift * secondMs;
        for (const gap of drawn) {
          at += gap * secondMs;
          if (at >= range.until) break;
          expected.push({ from, until: at, offsetMs });
          // There and back again: a step that is too long sees no difference.
          [from, offsetMs] = [at, 60 * minuteMs - offsetMs];
        }
        expected.push({ from, until: range.until, offsetMs });
        const truth = (asked: number): number =>
          expected.findLast((segment) => segment.from <= asked)?.offsetMs ?? 0;
        expect(findSegments(truth, range)).toEqual(expected);
      }),
      run,
    );
  },
);

describe('under clocks that jump by any number of minutes, as often as every quarter of an hour', () => {
  const jumps = fc.array(fc.tuple(fc.integer({ min: 15, max: 3_000 }), offset), { maxLength: 12 });

  test('working time equals the walk over every minute', options, () => {
    fc.assert(
      fc.property(jumps, fc.integer({ min: 0, max: 1e9 }), (drawn, seed) => {
        let at = middle - 3 * dayMs;
        const changes = [{ at, offsetMs: 0 }];
        for (const [minutes, offset] of drawn) {
          at += minutes * minuteMs;
          changes.push({ at, offsetMs: offset * minuteMs });
        }
        const zoneData = zoneOf(changes, seed);
        const calendar = randomCalendar(randomFrom(seed), 'UTC', around);
        const clock = openCalendar(calendar, { zoneData });
        const stretch = { from: middle - 7 * dayMs, until: middle + 7 * dayMs, stepMs: minuteMs };
        const truth = oracle(walkOf(offsetAt(changes), stretch), calendar);
        const random = randomFrom(seed);
        for (let n = 0; n < 200; n++) {
          const step = Math.floor(random() * truth.steps);
          const other = Math.floor(random() * truth.steps);
          const asked = truth.at(step);
          expect(clock.isWorking(asked)).toBe(truth.isWorking(step));
          const sign = step < other ? 1 : -1;
          const worked = truth.between(Math.min(step, other), Math.max(step, other));
          expect(clock.between(asked, truth.at(other))).toBe(sign * worked + 0);
          const count = other - step;
          const added = truth.add(step, count);
          const agrees = added === null || clock.add(asked, count) === truth.at(added);
          expect(agrees).toBe(true);
        }
      }),
      run,
    );
  });
});

/** The version names the content, so each zone drawn has one of its own. */
function zoneOf(
  changes: readonly { readonly at: number; readonly offsetMs: number }[],
  seed: number,
): ZoneData {
  return {
    version: `${seed} ${JSON.stringify(changes)}`,
    segments(_, from, until) {
      const cuts = changes.map(({ at }) => at).filter((at) => from < at && at < until);
      const bounds = [from, ...cuts, until];
      return bounds.slice(1).map((until, index) => {
        const start = bounds[index] ?? from;
        return { from: start, until, offsetMs: offsetAt(changes)(start) };
      });
    },
  };
}
