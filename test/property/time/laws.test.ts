import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type WorkingClock, isLimit, openCalendar } from '../../../domain/time/working-time.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { randomCalendar } from './calendars.ts';
import { hardZones } from './hard-zones.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const numRuns = proofSize(1_000, 100_000);
const run = { numRuns, seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };

/** A calendar in a hard place, its clock, and an instant around which it is hard. */
const situations = fc
  .record({ place: fc.constantFrom(...hardZones), seed: fc.integer({ min: 0, max: 1e9 }) })
  .map(({ place: [zone, around], seed }) => {
    const calendar = randomCalendar(randomFrom(seed), zone, around);
    const middle = Date.parse(`${around}T00:00:00Z`);
    return { calendar, clock: openCalendar(calendar), middle };
  });
const near = fc.integer({ min: -15 * dayMs, max: 15 * dayMs });
const someMs = fc.integer({ min: 1, max: 5 * dayMs });

const known = (answer: number | object): number => {
  if (typeof answer !== 'number') throw new Error(`a limit: ${JSON.stringify(answer)}`);
  return answer;
};

/** Whole milliseconds, free of the rounding of minutes. */
const workedMs = (clock: WorkingClock, from: number, to: number): number =>
  Math.round(known(clock.between(from, to)) * minuteMs) + 0;

describe(`laws of working time, ${numRuns} cases each`, () => {
  test('what is worked until an instant and after it adds up', options, () => {
    reportProof('laws of working time', numRuns);
    fc.assert(
      fc.property(situations, near, near, near, ({ clock, middle }, a, b, c) => {
        const [from, via, to] = [middle + a, middle + b, middle + c];
        expect(workedMs(clock, from, via) + workedMs(clock, via, to)).toBe(
          workedMs(clock, from, to),
        );
      }),
      run,
    );
  });

  test('adding is the inverse of measuring, in both directions', options, () => {
    fc.assert(
      fc.property(situations, near, someMs, ({ clock, middle }, a, ms) => {
        const from = middle + a;
        const forward = known(clock.add(from, ms / minuteMs));
        expect(workedMs(clock, from, forward)).toBe(ms);
        expect(workedMs(clock, from, forward - 1)).toBe(ms - 1);
        const backward = known(clock.add(from, -ms / minuteMs));
        expect(workedMs(clock, backward, from)).toBe(ms);
        expect(workedMs(clock, backward + 1, from)).toBe(ms - 1);
      }),
      run,
    );
  });

  test('adding in two steps is adding at once', options, () => {
    fc.assert(
      fc.property(situations, near, someMs, someMs, ({ clock, middle }, a, first, second) => {
        const from = middle + a;
        const via = known(clock.add(from, first / minuteMs));
        expect(clock.add(via, second / minuteMs)).toBe(
          clock.add(from, (first + second) / minuteMs),
        );
      }),
      run,
    );
  });

  test('a later start or more work never ends earlier', options, () => {
    fc.assert(
      fc.property(situations, near, someMs, someMs, ({ clock, middle }, a, ms, more) => {
        const from = middle + a;
        const end = known(clock.add(from, ms / minuteMs));
        expect(known(clock.add(from + more, ms / minuteMs))).toBeGreaterThanOrEqual(end);
        expect(known(clock.add(from, (ms + more) / minuteMs))).toBeGreaterThan(end);
        expect(workedMs(clock, from, from + more)).toBeGreaterThanOrEqual(0);
      }),
      run,
    );
  });

  test(
    'the next working instant is working, the earliest, and itself when working',
    options,
    () => {
      fc.assert(
        fc.property(situations, near, ({ clock, middle }, a) => {
          const at = middle + a;
          const next = known(clock.nextWorking(at));
          expect(clock.isWorking(next)).toBe(true);
          expect(next === at).toBe(clock.isWorking(at));
          expect(workedMs(clock, at, next)).toBe(0);
          const previous = known(clock.previousWorking(at));
          expect(clock.isWorking(previous - 1)).toBe(true);
          expect(workedMs(clock, previous, at)).toBe(0);
        }),
        run,
      );
    },
  );

  test('time on hold is taken out of working time, and nothing else is', options, () => {
    const holds = fc.array(fc.tuple(near, fc.integer({ min: 0, max: 3 * dayMs })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(situations, holds, near, near, someMs, (situation, drawn, a, b, ms) => {
        const { calendar, clock, middle } = situation;
        const pauses = drawn.map(([at, length]) => [middle + at, middle + at + length] as const);
        const held = openCalendar(calendar, { pauses });
        const onHold = (at: number): boolean => pauses.some(([f, u]) => f <= at && at < u);
        const [from, to] = [middle + Math.min(a, b), middle + Math.max(a, b)];
        expect(held.isWorking(from)).toBe(clock.isWorking(from) && !onHold(from));
        expect(workedMs(held, from, to)).toBe(
          workedMs(clock, from, to) - pausedMs(clock, pauses, [from, to]),
        );
        const end = known(held.add(from, ms / minuteMs));
        expect(workedMs(held, from, end)).toBe(ms);
        expect(workedMs(held, from, end - 1)).toBe(ms - 1);
        const begin = known(held.add(from, -ms / minuteMs));
        expect(workedMs(held, begin, from)).toBe(ms);
        expect(workedMs(held, begin + 1, from)).toBe(ms - 1);
        const next = known(held.nextWorking(from));
        expect(held.isWorking(next)).toBe(true);
        expect(workedMs(held, from, next)).toBe(0);
        const previous = known(held.previousWorking(from));
        expect(held.isWorking(previous - 1)).toBe(true);
        expect(workedMs(held, previous, from)).toBe(0);
      }),
      run,
    );
  });

  test(
    'the stretches of a range are all of its work, apart, with and without holds',
    options,
    () => {
      const hold = fc.tuple(near, fc.integer({ min: 0, max: 3 * dayMs }));
      const holds = fc.array(hold, { maxLength: 3 });
      fc.assert(
        fc.property(situations, holds, near, near, ({ calendar, middle }, drawn, a, b) => {
          const pauses = drawn.map(([at, length]) => [middle + at, middle + at + length] as const);
          const clock = openCalendar(calendar, { pauses });
          const [from, until] = [middle + Math.min(a, b), middle + Math.max(a, b)];
          const stretches = clock.stretches({ from, until });
          if ('reason' in stretches) throw new Error(stretches.reason);
          let [sum, last] = [0, -Infinity];
          for (let i = 0; i < stretches.length; i += 2) {
            const [start, end] = [stretches[i] ?? Number.NaN, stretches[i + 1] ?? Number.NaN];
            expect(start).toBeGreaterThan(last);
            expect(workedMs(clock, start, end)).toBe(end - start);
            [sum, last] = [sum + end - start, end];
          }
          expect(sum).toBe(workedMs(clock, from, until));
          expect(last).toBeLessThanOrEqual(until);
        }),
        run,
      );
    },
  );

  test('any number at all gets an instant, a number or a typed limit', options, () => {
    const anything = fc.oneof(
      fc.double(),
      fc.integer({ min: -1e15, max: 1e15 }),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, 2 ** 60, -(2 ** 60), -0, 4_168_454_399_999),
    );
    fc.assert(
      fc.property(situations, anything, anything, ({ calendar, clock, middle }, a, b) => {
        const held = openCalendar(calendar, { pauses: [[middle, Infinity]] });
        for (const asked of [clock, held]) {
          expect(typeof asked.isWorking(a)).toBe('boolean');
          for (const answer of [
            asked.nextWorking(a),
            asked.previousWorking(a),
            asked.add(a, b),
            asked.between(a, b),
          ]) {
            expect(isLimit(answer) || Number.isFinite(answer)).toBe(true);
          }
          const stretches = asked.stretches({ from: a, until: b });
          expect('reason' in stretches || stretches.length % 2 === 0).toBe(true);
        }
      }),
      run,
    );
  });
});

/** Worked during any of the pauses, each millisecond counted once: cut at every bound. */
function pausedMs(
  clock: WorkingClock,
  pauses: readonly (readonly [number, number])[],
  [from, to]: readonly [number, number],
): number {
  const inside = (at: number): boolean => pauses.some(([f, u]) => f <= at && at < u);
  const cuts = [from, to, ...pauses.flat().filter((at) => from < at && at < to)];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).reduce((sum, end, index) => {
    const start = cuts[index] ?? end;
    return inside(start) ? sum + workedMs(clock, start, end) : sum;
  }, 0);
}
