import { describe, expect, test } from 'vitest';
import { dayNumber } from '../../../domain/time/calendar.ts';
import { dayExplainer } from '../../../domain/time/explain.ts';
import { atWall, nextWall } from '../../../domain/time/wall.ts';
import { weekdays } from '../../../domain/time/weekday.ts';
import { addWorkingDays, afterWorkingDays } from '../../../domain/time/working-days.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, everyDay, instant, nineToFive } from './weeks.ts';

const day = (text: string): number => dayNumber(text) ?? Number.NaN;
const answer = (found: ReturnType<typeof atWall>): string =>
  'reason' in found
    ? found.reason
    : `${new Date(found.at).toISOString().slice(0, 16)} ${found.shown}`;

describe('a wall time', () => {
  test.each([
    ['Europe/Berlin', '2026-11-23', 540, '2026-11-23T08:00 once'],
    ['Europe/Berlin', '2026-03-29', 150, '2026-03-29T01:00 skipped'],
    ['Europe/Berlin', '2026-10-25', 150, '2026-10-25T00:30 repeated'],
    ['Africa/Cairo', '2026-04-24', 0, '2026-04-23T22:00 skipped'],
    ['Australia/Lord_Howe', '2026-04-05', 105, '2026-04-04T14:45 repeated'],
    ['Pacific/Apia', '2011-12-30', 720, '2011-12-30T10:00 skipped'],
  ])('%s %s minute %d', (zone, date, minute, expected) => {
    expect(answer(atWall(zone, { day: day(date), minute }))).toBe(expected);
  });

  test('beyond the horizon is a typed limit', () => {
    expect(answer(atWall('UTC', { day: 1e6, minute: 0 }))).toBe('horizon');
    expect(answer(atWall('UTC', { day: Number.NaN, minute: 0 }))).toBe('invalid');
  });
});

describe('the next time a clock shows', () => {
  const mondays = { zone: 'Europe/Berlin', minute: 540, weekdays: ['mon'] } as const;

  test.each([
    ['2026-11-23T08:00Z', '2026-11-23T08:00 once'],
    ['2026-11-23T08:01Z', '2026-11-30T08:00 once'],
    ['2026-10-20T00:00Z', '2026-10-26T08:00 once'],
  ])('Monday 09:00 in Berlin from %s', (from, expected) => {
    expect(answer(nextWall(instant(from), mondays))).toBe(expected);
  });

  test('a time shown twice comes once', () => {
    const everyNight = { zone: 'Europe/Berlin', minute: 150, weekdays: ['sun', 'mon'] } as const;
    expect(answer(nextWall(instant('2026-10-25T00:31Z'), everyNight))).toBe(
      '2026-10-26T01:30 once',
    );
  });
});

test.each([
  [
    'a day that begins at 01:00',
    'Africa/Cairo',
    '2026-04-23T12:00Z',
    0,
    '2026-04-23T22:00 skipped',
  ],
  [
    'a half hour skipped',
    'Australia/Lord_Howe',
    '2026-10-03T12:00Z',
    135,
    '2026-10-03T15:30 skipped',
  ],
  [
    'a half hour twice',
    'Australia/Lord_Howe',
    '2026-04-04T12:00Z',
    105,
    '2026-04-04T14:45 repeated',
  ],
  ['a day skipped', 'Pacific/Apia', '2011-12-30T09:00Z', 720, '2011-12-30T10:00 skipped'],
  ['two hours twice', 'Antarctica/Troll', '2027-10-30T12:00Z', 120, '2027-10-31T00:00 repeated'],
])('the next time, on %s', (_, zone, from, minute, expected) => {
  expect(answer(nextWall(instant(from), { zone, minute, weekdays }))).toBe(expected);
});

test.each([
  ['no weekday', 0, 540, [], 'invalid'],
  ['no minute of a day', 0, 1440, weekdays, 'invalid'],
  ['a minute before midnight', 0, -1, weekdays, 'invalid'],
  ['no number of minutes', 0, Number.NaN, weekdays, 'invalid'],
  ['from no number', Number.NaN, 540, weekdays, 'invalid'],
  ['from 2^60', 2 ** 60, 540, weekdays, 'horizon'],
])('the next time, asked with %s', (_, from, minute, weekdays, expected) => {
  expect(answer(nextWall(from, { zone: 'Europe/Berlin', minute, weekdays }))).toBe(expected);
});

describe('adding working days', () => {
  const berlin = calendarOf('Europe/Berlin', nineToFive, {
    days: [{ day: '2026-12-25', kind: 'off' }],
    absences: [{ firstDay: '2026-12-28', lastDay: '2026-12-29' }],
  });
  const add = (from: string, days: number, calendar = berlin): string =>
    answer(addWorkingDays(calendar, { from: instant(from), days }));

  test('weekends, holidays and absences are stepped over, in both directions', () => {
    expect(add('2026-12-24T13:30Z', 1)).toBe('2026-12-30T13:30 once');
    expect(add('2026-12-30T13:30Z', -1)).toBe('2026-12-24T13:30 once');
    expect(add('2026-12-24T13:30Z', 0)).toBe('2026-12-24T13:30 once');
  });

  test('the wall time stays when the offset changes', () => {
    expect(add('2026-03-27T08:00Z', 1)).toBe('2026-03-30T07:00 once');
  });

  test('a day that a zone skipped is not a working day', () => {
    const apia = calendarOf('Pacific/Apia', everyDay([540, 1020]));
    expect(add('2011-12-29T20:00Z', 1, apia)).toBe('2011-12-30T20:00 once');
  });

  test('who never works has no working days', () => {
    expect(add('2026-12-24T13:30Z', 1, calendarOf('UTC', everyDay()))).toBe('neverWorking');
    expect(add('2026-12-24T13:30Z', 0.5)).toBe('invalid');
    expect(add('2026-12-24T13:30Z', 1e6)).toBe('horizon');
  });
});

test('who is asked while they do not work has whole days from their next work on', () => {
  const berlin = calendarOf('Europe/Berlin', nineToFive);
  const until = (from: string): string =>
    new Date(afterWorkingDays(berlin, instant(from), 5)).toISOString().slice(0, 16);
  expect(until('2026-11-25T10:00Z')).toBe('2026-12-02T10:00');
  expect(until('2026-11-28T23:35Z')).toBe('2026-12-07T08:00');
  expect(until('2026-11-30T23:00Z')).toBe('2026-12-08T08:00');
  const never = calendarOf('UTC', everyDay());
  for (const calendar of [never, undefined]) {
    expect(afterWorkingDays(calendar, 0, 5)).toBe(5 * 86_400_000);
  }
});

describe('a day explained', () => {
  const calendar = calendarOf('UTC', nineToFive, {
    days: [
      { day: '2026-12-24', kind: 'half', halfUntilMinute: 720 },
      { day: '2026-12-25', kind: 'off' },
      { day: '2026-12-26', kind: 'working' },
    ],
    absences: [{ firstDay: '2026-12-30', lastDay: '2026-12-31' }],
    oneOffs: [{ day: '2026-12-31', intervals: [[600, 1080]] }],
  });

  test.each([
    ['2026-12-23', 'week', 0, 0],
    ['2026-12-24', 'half', 300, 0],
    ['2026-12-25', 'off', 480, 0],
    ['2026-12-26', 'working', 0, 480],
    ['2026-12-30', 'absence', 480, 0],
    ['2026-12-31', 'oneOff', 60, 60],
  ])('%s is decided by %s', (date, decidedBy, removedMinutes, addedMinutes) => {
    expect(dayExplainer(calendar)(day(date))).toMatchObject({
      decidedBy,
      removedMinutes,
      addedMinutes,
    });
  });

  test('a holiday that frees the wall day ends a night shift at midnight, and says so', () => {
    const nights = calendarOf('UTC', everyDay([1320, 1800]), {
      days: [{ day: '2026-12-25', kind: 'off' }],
      holidayRule: 'day',
      hoursOff: [{ day: '2026-12-26', interval: [1380, 1500] }],
    });
    const explain = dayExplainer(nights);
    expect(explain(day('2026-12-25'))).toMatchObject({
      decidedBy: 'off',
      workingMinutes: 0,
      steps: [
        {
          layer: 'off',
          removed: [
            [0, 360],
            [1320, 1440],
          ],
          added: [],
        },
      ],
    });
    // The shift of the 25th would have gone on until six; hours off take one hour before midnight.
    expect(explain(day('2026-12-26'))).toMatchObject({
      decidedBy: 'hoursOff',
      workingMinutes: 420,
      steps: [{ layer: 'hoursOff', removed: [[1380, 1440]] }],
    });
    expect(explain(day('2026-12-27')).steps).toEqual([
      { layer: 'hoursOff', removed: [[0, 60]], added: [] },
    ]);
  });

  test('the holiday rule of a week in turn counts while that week does', () => {
    const nights = everyDay([1320, 1800]);
    const inTurn = calendarOf('UTC', nights, {
      rosters: [
        {
          firstDay: '2026-12-21',
          lastDay: '2026-12-31',
          weeks: [{ ...nights, holidayRule: 'day' }],
        },
      ],
      days: ['2026-12-25', '2027-01-06'].map((date) => ({ day: date, kind: 'off' })),
    });
    const worked = (date: string) => dayExplainer(inTurn)(day(date)).workingMinutes;
    expect(['2026-12-25', '2026-12-26'].map(worked)).toEqual([0, 480]);
    expect(['2027-01-06', '2027-01-07'].map(worked)).toEqual([360, 120]);
  });

  test('a roster outranks the usual week, and each of its weeks takes its turn', () => {
    const roster = calendarOf('UTC', nineToFive, {
      rosters: [
        {
          firstDay: '2027-01-06', // a Wednesday: the first week is the one that holds it
          lastDay: '2027-01-31',
          weeks: [everyDay([360, 840]), everyDay([840, 1320])],
        },
      ],
    });
    const explain = dayExplainer(roster);
    const ofDay = (date: string) => {
      const { decidedBy, workingMinutes } = explain(day(date));
      return [
        decidedBy,
        workingMinutes,
        openCalendar(roster).isWorking(Date.parse(`${date}T07:00Z`)),
      ];
    };
    expect(ofDay('2027-01-05')).toEqual(['week', 480, false]);
    expect(ofDay('2027-01-06')).toEqual(['roster', 480, true]);
    expect(ofDay('2027-01-11')).toEqual(['roster', 480, false]);
    expect(ofDay('2027-01-18')).toEqual(['roster', 480, true]);
    expect(ofDay('2027-02-01')).toEqual(['week', 480, false]);
  });
});
