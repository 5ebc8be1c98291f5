import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MinuteInterval, Week } from '../../../domain/time/calendar.ts';
import { overlap } from '../../../domain/time/overlap.ts';
import type { Range } from '../../../domain/time/range.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { hardZones } from './hard-zones.ts';
import { days, from, groups, person, stepMs } from './together.ts';

const numRuns = proofSize(40, 2_000);
const run = { numRuns, seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };
const minutesMax = days * 1_440;

const known = <Answer extends object>(answer: Answer): Exclude<Answer, { reason: string }> => {
  if ('reason' in answer) throw new Error(`a limit: ${JSON.stringify(answer)}`);
  return answer as Exclude<Answer, { reason: string }>;
};

describe(`overlap, ${numRuns} groups`, () => {
  test('is every minute in which so many work, and no other', options, () => {
    reportProof('groups for overlap', numRuns);
    const minute = fc.integer({ min: 0, max: minutesMax - 1 });
    fc.assert(
      fc.property(groups(6), minute, minute, fc.nat(), (group, a, b, k) => {
        const people = group.map(person);
        const atLeast = 1 + (k % people.length);
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const range = { from: from + first * stepMs, until: from + last * stepMs };
        const clocks = people.map(({ clock }) => clock);
        const expected: Range[] = [];
        for (let step = first; step < last; step++) {
          if (people.filter(({ truth }) => truth.isWorking(step)).length < atLeast) continue;
          const [at, before] = [from + step * stepMs, expected.at(-1)];
          if (before?.until === at) expected.pop();
          const start = before?.until === at ? before.from : at;
          expected.push({ from: start, until: at + stepMs });
        }
        expect(overlap(clocks, range, { atLeast })).toEqual(expected);
      }),
      run,
    );
  });

  test('union and intersection commute with the preimage', options, () => {
    const hours = fc
      .uniqueArray(fc.integer({ min: 0, max: 1440 }), { maxLength: 8 })
      .map((bounds) => bounds.toSorted((x, y) => x - y))
      .map((bounds) =>
        bounds.flatMap((start, i): MinuteInterval[] => {
          const end = bounds[i + 1];
          return i % 2 === 0 && end !== undefined ? [[start, end]] : [];
        }),
      );
    fc.assert(
      fc.property(fc.constantFrom(...hardZones), hours, hours, ([zone, around], some, others) => {
        const middle = Date.parse(`${around}T00:00:00Z`);
        const range = { from: middle - 4 * 86_400_000, until: middle + 4 * 86_400_000 };
        const clockOf = (list: readonly MinuteInterval[]) =>
          openCalendar({ zone, week: every(list), days: [], absences: [], revision: 1 });
        const clocks = [clockOf(some), clockOf(others)];
        for (const atLeast of [1, 2]) {
          const onTheWall = clockOf(reachedOnTheWall([some, others], atLeast));
          expect(known(overlap(clocks, range, { atLeast }))).toEqual(
            known(overlap([onTheWall], range)),
          );
        }
      }),
      { ...run, numRuns: numRuns * 20 },
    );
  });
});

const every = (hours: readonly MinuteInterval[]): Week => ({
  mon: hours,
  tue: hours,
  wed: hours,
  thu: hours,
  fri: hours,
  sat: hours,
  sun: hours,
});

/** The minutes of a wall day that so many of the lists have. */
function reachedOnTheWall(
  lists: readonly (readonly MinuteInterval[])[],
  atLeast: number,
): readonly MinuteInterval[] {
  const reached: MinuteInterval[] = [];
  for (let minute = 0; minute < 1440; minute++) {
    const count = lists.filter((list) =>
      list.some(([start, end]) => start <= minute && minute < end),
    ).length;
    if (count < atLeast) continue;
    const before = reached.at(-1);
    if (before?.[1] === minute) reached[reached.length - 1] = [before[0], minute + 1];
    else reached.push([minute, minute + 1]);
  }
  return reached;
}
