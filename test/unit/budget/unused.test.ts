import { expect, test } from 'vitest';
import { fiscalYear } from '../../../domain/budget/fiscal-year.ts';
import {
  offersAt,
  readUnusedPolicy,
  unusedHorizonMs,
  unusedOf,
} from '../../../domain/budget/unused.ts';
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { weekdays } from '../../../domain/time/weekday.ts';

type Days = WorkingCalendar['days'];
const calendarOf = (zone: string, free: readonly string[], days: Days = []): WorkingCalendar => ({
  zone,
  week: Object.fromEntries(
    weekdays.map((day) => [day, free.includes(day) ? [] : [[540, 1020]]]),
  ) as unknown as WorkingCalendar['week'],
  days,
  absences: [],
  revision: 0,
});
const weekend = ['sat', 'sun'];
const holidays = ['2026-12-24', '2026-12-25', '2026-12-31'].map(
  (day) => ({ day, kind: 'off' }) as const,
);

test.for([
  // 2026-12-31 is a Thursday.
  ['three days in Berlin', 'Europe/Berlin', 1, 2026, weekend, [], 3, '2026-12-28T23:00Z'],
  ['over a weekend', 'Europe/Berlin', 1, 2026, weekend, [], 5, '2026-12-24T23:00Z'],
  ['over holidays too', 'Europe/Berlin', 1, 2026, weekend, holidays, 5, '2026-12-21T23:00Z'],
  [
    'Riyadh, free on Friday and Saturday',
    'Asia/Riyadh',
    1,
    2026,
    ['fri', 'sat'],
    [],
    5,
    '2026-12-26T21:00Z',
  ],
  ['Tokyo, from April', 'Asia/Tokyo', 4, 2025, weekend, [], 1, '2026-03-30T15:00Z'],
  [
    'Los Angeles, from October',
    'America/Los_Angeles',
    10,
    2025,
    weekend,
    [],
    2,
    '2026-09-29T07:00Z',
  ],
  ['over a change of clocks', 'Europe/London', 4, 2025, weekend, [], 5, '2026-03-25T00:00Z'],
  [
    'where nobody ever works, days of the calendar',
    'Europe/Berlin',
    1,
    2026,
    [...weekdays],
    [],
    2,
    '2026-12-29T23:00Z',
  ],
] as const)(
  'the offer begins when so many working days of the region are left: %s',
  ([, zone, fiscalStartMonth, year, free, days, workingDays, expected]) => {
    const { until } = fiscalYear(year, { zone, fiscalStartMonth });
    const calendar = calendarOf(zone, free, days);
    expect(new Date(offersAt(calendar, until, workingDays))).toEqual(new Date(expected));
  },
);

test('it begins no earlier than lines are looked at, however rarely a region works', () => {
  const { until } = fiscalYear(2026, { zone: 'Etc/UTC', fiscalStartMonth: 1 });
  const mondays = calendarOf('Etc/UTC', weekdays.slice(1));
  expect(offersAt(mondays, until, 60)).toBe(until - unusedHorizonMs);
});

const { until: endsAt } = fiscalYear(2026, { zone: 'Asia/Tokyo', fiscalStartMonth: 1 });
const calendar = calendarOf('Asia/Tokyo', weekend);
const opens = offersAt(calendar, endsAt, 5);

test.for([
  ['a moment before', { at: opens - 1 }, 0n],
  ['at its first instant', {}, 1_001n],
  ['in the last moment of the year', { at: endsAt - 1 }, 1_001n],
  ['when the year is over', { at: endsAt }, 0n],
  ['with no more than the floor', { floor: 1_001n }, 0n],
  ['with more than the floor', { floor: 1_000n }, 1_001n],
  ['with nothing left', { available: 0n }, 0n],
  ['when it is closed', { isClosed: true }, 0n],
] as const)('of a line is offered all that is unused, or nothing: %s', ([, given, minor]) => {
  const { at, floor, available, isClosed } = {
    at: opens,
    floor: 0n,
    available: 1_001n,
    isClosed: false,
    ...given,
  };
  const line = { endsAt, available, isClosed };
  expect(unusedOf(line, { workingDays: 5, floor }, { calendar, at })).toBe(minor);
});

test.for([
  ['nothing said', null, { workingDays: 30, floor: 0n }],
  ['days alone', { workingDays: 10 }, { workingDays: 10, floor: 0n }],
  ['both', { workingDays: 1, floor: '500.00' }, { workingDays: 1, floor: 50_000n }],
  ['a floor that is no amount', { floor: '5,00' }, null],
  ['a floor below zero', { floor: '-1' }, null],
  ['no days', { workingDays: 0 }, null],
  ['more days than are looked at', { workingDays: 61 }, null],
  ['half a day', { workingDays: 0.5 }, null],
  ['text', 'soon', null],
] as const)(
  'the policy says when and above what, and half a rule offers nothing: %s',
  ([, said, terms]) => {
    expect(readUnusedPolicy(said, 'EUR')).toEqual(terms);
  },
);
