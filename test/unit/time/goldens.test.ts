/** Places and days where clocks did what arithmetic by the day does not survive; worked by hand. */
import { describe, expect, test } from 'vitest';
import { type WorkingClock, openCalendar } from '../../../domain/time/working-time.ts';
import type { Week } from '../../../domain/time/calendar.ts';
import { calendarOf, everyDay, instant, nineToFive, shown } from './weeks.ts';

const clockOf = (zone: string, week: Week): WorkingClock => openCalendar(calendarOf(zone, week));
const hours = (clock: WorkingClock, from: string, to: string): number =>
  Number(clock.between(instant(from), instant(to))) / 60;

describe('a day is skipped', () => {
  test('Apia had no Friday 2011-12-30: after Thursday evening comes Saturday', () => {
    const clock = clockOf('Pacific/Apia', nineToFive);
    expect(hours(clock, '2011-12-26T10:00Z', '2012-01-01T10:00Z')).toBe(4 * 8);
    expect(shown(clock.nextWorking(instant('2011-12-30T03:00Z')))).toBe('2012-01-01T19:00Z');
  });

  test('a night shift into that Friday goes on into Saturday', () => {
    const clock = clockOf('Pacific/Apia', everyDay([1320, 1800]));
    // From 22:00 on Thursday: two hours to midnight, then the six that end Friday's night.
    expect(hours(clock, '2011-12-30T08:00Z', '2011-12-30T17:00Z')).toBe(8);
  });

  test('Kwajalein had no Saturday 1993-08-21', () => {
    const clock = clockOf('Pacific/Kwajalein', { ...everyDay(), sat: [[540, 1020]] });
    expect(hours(clock, '1993-08-15T12:00Z', '1993-08-27T00:00Z')).toBe(0);
    expect(shown(clock.nextWorking(instant('1993-08-15T12:00Z')))).toBe('1993-08-27T21:00Z');
  });
});

describe('part of an hour is skipped or repeated', () => {
  const oneToThree = everyDay([60, 180]);

  test('Lord Howe goes back by half an hour', () => {
    const clock = clockOf('Australia/Lord_Howe', oneToThree);
    expect(hours(clock, '2026-04-04T13:00Z', '2026-04-05T12:00Z')).toBe(2.5);
    expect(shown(clock.add(instant('2026-04-04T14:00Z'), 150))).toBe('2026-04-04T16:30Z');
  });

  test('Lord Howe goes forward by half an hour', () => {
    const clock = clockOf('Australia/Lord_Howe', oneToThree);
    expect(hours(clock, '2026-10-03T13:30Z', '2026-10-04T12:00Z')).toBe(1.5);
  });

  test('Troll changes by two hours at once, both ways', () => {
    const clock = clockOf('Antarctica/Troll', everyDay([0, 360]));
    expect(hours(clock, '2027-03-27T12:00Z', '2027-03-28T12:00Z')).toBe(4);
    expect(hours(clock, '2027-10-30T12:00Z', '2027-10-31T12:00Z')).toBe(8);
  });

  test('Chatham, 45 minutes off the hour, repeats 02:45 to 03:45', () => {
    const clock = clockOf('Pacific/Chatham', everyDay([120, 240]));
    expect(hours(clock, '2026-04-04T00:00Z', '2026-04-05T00:00Z')).toBe(3);
    expect(shown(clock.nextWorking(instant('2026-04-04T00:00Z')))).toBe('2026-04-04T12:15Z');
    expect(shown(clock.add(instant('2026-04-04T12:15Z'), 180))).toBe('2026-04-04T15:15Z');
  });

  test('Caracas lost half an hour on 2016-05-01', () => {
    const clock = clockOf('America/Caracas', everyDay([120, 240]));
    expect(hours(clock, '2016-05-01T04:30Z', '2016-05-01T10:00Z')).toBe(1.5);
    expect(shown(clock.nextWorking(instant('2016-05-01T20:00Z')))).toBe('2016-05-02T06:00Z');
  });
});

describe('midnight does not exist', () => {
  test.each([
    ['Africa/Cairo', '2026-04-23T22:00Z'],
    ['Asia/Beirut', '2026-03-28T22:00Z'],
    ['America/Santiago', '2026-09-06T04:00Z'],
  ])('%s: the day begins at 01:00, and a shift across it loses an hour', (zone, change) => {
    const lateShift = clockOf(zone, everyDay([1380, 1500]));
    const at = instant(change);
    expect(shown(lateShift.nextWorking(at - 7_200_000))).toBe(shown(at - 3_600_000));
    expect(shown(lateShift.add(at - 3_600_000, 60))).toBe(shown(at));
    expect(lateShift.isWorking(at)).toBe(false);
    const firstHours = clockOf(zone, everyDay([0, 120]));
    expect(shown(firstHours.nextWorking(at - 3_600_000))).toBe(shown(at));
    expect(firstHours.between(at - 3_600_000, at + 18_000_000)).toBe(60);
  });
});

test('Casablanca goes back for Ramadan 2026 and forward after it, against the season', () => {
  const clock = clockOf('Africa/Casablanca', everyDay([540, 1020]));
  expect(shown(clock.nextWorking(instant('2026-02-14T00:00Z')))).toBe('2026-02-14T08:00Z');
  expect(shown(clock.nextWorking(instant('2026-02-16T00:00Z')))).toBe('2026-02-16T09:00Z');
  expect(shown(clock.nextWorking(instant('2026-03-23T00:00Z')))).toBe('2026-03-23T08:00Z');
});

test('Boa Vista was on summer time for one week of October 2000', () => {
  const clock = clockOf('America/Boa_Vista', everyDay([540, 1020]));
  const starts = ['2000-10-07', '2000-10-08', '2000-10-14', '2000-10-15'].map((day) =>
    shown(clock.nextWorking(instant(`${day}T05:00Z`))),
  );
  expect(starts).toEqual([
    '2000-10-07T13:00Z',
    '2000-10-08T12:00Z',
    '2000-10-14T12:00Z',
    '2000-10-15T13:00Z',
  ]);
});

test.each(['America/Vancouver', 'America/Edmonton'])(
  '%s keeps its clocks in November 2026',
  (zone) => {
    const clock = clockOf(zone, everyDay([540, 1020]));
    const october = Number(clock.nextWorking(instant('2026-10-30T10:00Z')));
    expect(clock.nextWorking(instant('2026-11-02T10:00Z'))).toBe(october + 3 * 86_400_000);
  },
);

describe('New York and London are four hours apart from 2027-03-14 to 28', () => {
  const newYork = clockOf('America/New_York', nineToFive);
  const london = clockOf('Europe/London', nineToFive);
  const apart = (day: string): number => {
    const from = instant(`${day}T00:00Z`);
    return (Number(newYork.nextWorking(from)) - Number(london.nextWorking(from))) / 3_600_000;
  };

  test.each([
    ['2027-03-12', 5],
    ['2027-03-15', 4],
    ['2027-03-26', 4],
    ['2027-03-29', 5],
  ])('on %s their days begin %d hours apart', (day, difference) => {
    expect(apart(day)).toBe(difference);
  });

  test('40 hours of work across the change take the same days in both', () => {
    expect(shown(newYork.add(instant('2027-03-12T14:00Z'), 2_400))).toBe('2027-03-18T21:00Z');
    expect(shown(london.add(instant('2027-03-25T09:00Z'), 2_400))).toBe('2027-03-31T16:00Z');
  });
});
