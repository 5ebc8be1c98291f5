import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atWall } from '../../../domain/time/wall.ts';
import { dayMs, minuteMs, wallTime } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { hardZones } from './hard-zones.ts';

const run = { numRuns: proofSize(3_000, 200_000), seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };
const places = fc.constantFrom(...hardZones);
const minutes = fc.integer({ min: -4 * 1_440, max: 4 * 1_440 });
const middleOf = (around: string): number => Date.parse(`${around}T00:00:00Z`);

const found = (answer: ReturnType<typeof atWall>) => {
  if ('reason' in answer) throw new Error(answer.reason);
  return answer;
};

test(
  'what a clock shows leads back to that instant, or to the first that shows the same',
  options,
  () => {
    fc.assert(
      fc.property(places, minutes, ([zone, around], away) => {
        const at = middleOf(around) + away * minuteMs;
        const shown = wallTime(at, zone);
        const exact = {
          day: shown.day,
          minute: (at + shown.offsetMs - shown.day * dayMs) / minuteMs,
        };
        const back = found(atWall(zone, exact));
        expect(back.at === at || (back.at < at && back.shown === 'repeated')).toBe(true);
        expect(wallTime(back.at, zone)).toMatchObject({ day: shown.day, minute: shown.minute });
      }),
      run,
    );
  },
);

test('a skipped time is answered by the first instant after it', options, () => {
  reportProof('wall times there and back', run.numRuns);
  fc.assert(
    fc.property(places, minutes, ([zone, around], away) => {
      const wall = middleOf(around) + away * minuteMs;
      const day = Math.floor(wall / dayMs);
      const back = found(atWall(zone, { day, minute: (wall - day * dayMs) / minuteMs }));
      const shows = (at: number): number => at + wallTime(at, zone).offsetMs;
      const isGap = shows(back.at) > wall && shows(back.at - 1) < wall;
      expect(back.shown === 'skipped').toBe(isGap);
      expect(isGap || shows(back.at) === wall).toBe(true);
    }),
    run,
  );
});
