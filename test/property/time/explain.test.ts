import { expect, test } from 'vitest';
import type { MinuteInterval, WorkingCalendar } from '../../../domain/time/calendar.ts';
import { dayExplainer, type Layer } from '../../../domain/time/explain.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { oracle, walk } from '../../support/time-oracle.ts';
import { namedCalendars, randomCalendar } from './calendars.ts';

const calendars = proofSize(30, 3_000);
const around = '2026-06-15';
const minuteMs = 60_000;
const dayMinutes = 1_440;
const daysEachSide = 9;
const middle = Date.parse(`${around}T00:00:00Z`) / minuteMs / dayMinutes;
const first = middle - daysEachSide;
const wall = walk('UTC', {
  from: first * dayMinutes * minuteMs,
  until: (middle + daysEachSide) * dayMinutes * minuteMs,
  stepMs: minuteMs,
});

/** From the lowest on; each outranks those before it. */
const heights: readonly (readonly Layer[])[] = [
  ['week', 'roster'],
  ['off', 'half', 'working'],
  ['absence'],
  ['hoursOff'],
  ['oneOff'],
];

/** The calendar as it would be without the layers above that height. */
function upTo(height: number, calendar: WorkingCalendar): WorkingCalendar {
  return {
    ...calendar,
    ...(height < 1 && { days: [] }),
    ...(height < 2 && { absences: [] }),
    ...(height < 3 && { hoursOff: [] }),
    ...(height < 4 && { oneOffs: [] }),
  };
}

function paint(minutes: Uint8Array, intervals: readonly MinuteInterval[], from: 0 | 1): boolean {
  return intervals.every(([start, end]) => {
    const isOther = minutes.subarray(start, end).every((minute) => minute === from);
    minutes.fill(1 - from, start, end);
    return isOther && start < end;
  });
}

/** What the walk finds otherwise than the explanation of that day tells. */
function differences(calendar: WorkingCalendar): readonly string[] {
  const explain = dayExplainer(calendar);
  const found: string[] = [];
  const walked = heights.map((_, height) => oracle(wall, upTo(height, calendar)));
  for (let day = first; day < middle + daysEachSide; day++) {
    const worked = (height: number): Uint8Array =>
      Uint8Array.from({ length: dayMinutes }, (_, minute) =>
        Number(walked[height]?.isWorking((day - first) * dayMinutes + minute)),
      );
    const told = explain(day);
    const minutes = worked(0);
    for (const [height, layers] of heights.entries()) {
      const step = told.steps.find(({ layer }) => layers.includes(layer));
      const isExact = !step || (paint(minutes, step.removed, 1) && paint(minutes, step.added, 0));
      const truth = worked(height);
      if (!isExact || minutes.some((minute, i) => minute !== truth[i])) {
        found.push(`day ${day - middle}, ${layers.join()}: ${JSON.stringify(step)}`);
      }
    }
    const count = minutes.reduce((sum, minute) => sum + minute, 0);
    if (told.workingMinutes !== count) found.push(`day ${day - middle}: ${told.workingMinutes}`);
  }
  return found;
}

test(
  `the minutes that each layer took or gave on a day are those the walk finds, ${calendars} calendars`,
  { timeout: proofSize(60_000, 3_600_000) },
  () => {
    const random = randomFrom(proofSeed);
    reportProof('calendars explained day by day', calendars);
    const drawn = Array.from({ length: calendars }, () => randomCalendar(random, 'UTC', around));
    for (const calendar of [...Object.values(namedCalendars('UTC', around)), ...drawn]) {
      expect({ calendar, differences: differences(calendar) }).toEqual({
        calendar,
        differences: [],
      });
    }
  },
);
