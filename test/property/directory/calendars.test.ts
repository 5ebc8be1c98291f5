/** The file and the engine check on their own; what the one lets pass, the other must be able to open. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hoursText, parseHours } from '../../../domain/directory/hours.ts';
import type { MinuteInterval, Week, WorkingCalendar } from '../../../domain/time/calendar.ts';
import { checkCalendar } from '../../../domain/time/check-calendar.ts';
import { weekdays } from '../../../domain/time/weekday.ts';
import { findingsOf, put } from '../../support/directory-file.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const run = { numRuns: proofSize(1_000, 50_000), seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };

type Hours = readonly string[];
type FileWeek = { readonly id: string } & Partial<Record<(typeof weekdays)[number], Hours>>;

const shift = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 23 }))
  .map(([hour, hours]) => hoursText([hour * 60, (hour + hours) * 60]));
const some = fc.array(shift, { minLength: 1, maxLength: 2 });
const hoursOn = (often: number): fc.Arbitrary<Hours> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant<Hours>([]) }, { weight: often, arbitrary: some });
/** Mostly about Sundays and Mondays, where weeks meet. */
const weekCalled = (id: string): fc.Arbitrary<FileWeek> =>
  fc
    .tuple(...weekdays.map((name) => hoursOn(name === 'sun' || name === 'mon' ? 9 : 1)))
    .map((hours) => ({ id, ...Object.fromEntries(weekdays.map((name, i) => [name, hours[i]])) }));

const day = fc.integer({ min: 1, max: 28 }).map((date) => `2027-02-${`${date}`.padStart(2, '0')}`);
const file = fc.record({
  weeks: fc.tuple(weekCalled('office'), weekCalled('night')),
  rosters: fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      person: fc.constant('berlin-lead'),
      firstDay: day,
      lastDay: day,
      weeks: fc.array(fc.constantFrom('office', 'night'), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
  oneOffs: fc.array(
    fc.record({
      id: fc.constantFrom('x', 'y'),
      person: fc.constant('berlin-lead'),
      day,
      hours: fc.array(shift, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

const intervals = (hours: Hours = []): MinuteInterval[] =>
  hours.flatMap((text) => {
    const parsed = parseHours(text);
    return parsed ? [parsed] : [];
  });

const weekOf = (week: FileWeek): Week =>
  Object.fromEntries(weekdays.map((name) => [name, intervals(week[name])])) as unknown as Week;

test('every calendar of a file without mistakes can be opened, and no other', options, () => {
  let accepted = 0;
  fc.assert(
    fc.property(file, ({ weeks, rosters, oneOffs }) => {
      const { errors } = findingsOf((f) => put(f, { weeks, rosters, oneOffs }));
      const [office, night] = weeks;
      const calendar: WorkingCalendar = {
        zone: 'Europe/Berlin',
        week: weekOf(office),
        rosters: rosters.map(({ firstDay, lastDay, weeks: ids }) => ({
          firstDay,
          lastDay,
          weeks: ids.map((id) => weekOf(id === 'night' ? night : office)),
        })),
        days: [],
        absences: [],
        oneOffs: oneOffs.map((oneOff) => ({ ...oneOff, intervals: intervals(oneOff.hours) })),
        revision: 1,
      };
      const other = { ...calendar, week: weekOf(night), rosters: [], oneOffs: [] };
      const faults = [...checkCalendar(calendar), ...checkCalendar(other)];
      // Ids are the file's own concern.
      const mistakes = errors.filter(({ path }) => !path.endsWith('.id'));
      expect({ faults, mistakes, is: mistakes.length > 0 }).toEqual({
        faults,
        mistakes,
        is: faults.length > 0,
      });
      if (mistakes.length === 0) accepted++;
    }),
    run,
  );
  reportProof('files whose calendars are opened or refused', run.numRuns);
  expect(accepted).toBeGreaterThan(run.numRuns / 20);
});
