import { describe, expect, test } from 'vitest';
import { dayNumber } from '../../../domain/time/calendar.ts';
import { type CalendarFault, checkCalendar } from '../../../domain/time/check-calendar.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, nineToFive } from './weeks.ts';

const week = nineToFive;
const calendar = calendarOf('Europe/Berlin');
const fortyHours = { ...week, mon: [[0, 2400]] as const };

const faulty: readonly [
  what: string,
  calendar: ReturnType<typeof calendarOf>,
  fault: CalendarFault['fault'],
  path: string,
][] = [
  ['an unknown zone', calendarOf('Europe/Munchen'), 'zoneUnknown', 'zone'],
  [
    'an end before its start',
    calendarOf('UTC', { ...week, mon: [[600, 540]] }),
    'endBeforeStart',
    'week.mon[0]',
  ],
  [
    'an empty interval',
    calendarOf('UTC', { ...week, mon: [[600, 600]] }),
    'endBeforeStart',
    'week.mon[0]',
  ],
  [
    'an end after the second day',
    calendarOf('UTC', { ...week, fri: [[600, 2881]] }),
    'endTooLate',
    'week.fri[0]',
  ],
  [
    'a start on the next day',
    calendarOf('UTC', { ...week, sat: [[1440, 1500]] }),
    'startTooLate',
    'week.sat[0]',
  ],
  [
    'half a minute',
    calendarOf('UTC', { ...week, tue: [[540.5, 600]] }),
    'minuteInvalid',
    'week.tue[0]',
  ],
  [
    'not a number',
    calendarOf('UTC', { ...week, tue: [[Number.NaN, 600]] }),
    'minuteInvalid',
    'week.tue[0]',
  ],
  [
    'overlapping intervals',
    calendarOf('UTC', {
      ...week,
      wed: [
        [540, 700],
        [660, 800],
      ],
    }),
    'overlap',
    'week.wed[1]',
  ],
  [
    'a 40-hour day that runs into the next',
    calendarOf('UTC', fortyHours),
    'overlap',
    'week.mon[0]',
  ],
  [
    '25 intervals',
    calendarOf('UTC', {
      ...week,
      sat: Array.from({ length: 25 }, (_, i) => [i * 10, i * 10 + 5] as const),
    }),
    'tooManyIntervals',
    'week.sat',
  ],
  [
    'a day that does not exist',
    { ...calendar, days: [{ day: '2027-02-29', kind: 'off' }] },
    'dayInvalid',
    'days[0].day',
  ],
  [
    'a day given twice',
    {
      ...calendar,
      days: [
        { day: '2027-02-28', kind: 'off' },
        { day: '2027-02-28', kind: 'working' },
      ],
    },
    'dayTwice',
    'days[1].day',
  ],
  [
    'a half day without its end',
    { ...calendar, days: [{ day: '2027-02-28', kind: 'half' }] },
    'halfUntilMissing',
    'days[0].halfUntilMinute',
  ],
  [
    'a half day that ends tomorrow',
    { ...calendar, days: [{ day: '2027-02-28', kind: 'half', halfUntilMinute: 1500 }] },
    'minuteInvalid',
    'days[0].halfUntilMinute',
  ],
  [
    'a whole day with an end',
    { ...calendar, days: [{ day: '2027-02-28', kind: 'off', halfUntilMinute: 700 }] },
    'halfUntilNeedless',
    'days[0].halfUntilMinute',
  ],
  [
    'a day off like a Monday',
    { ...calendar, days: [{ day: '2027-02-28', kind: 'off', like: 'mon' }] },
    'likeNeedless',
    'days[0].like',
  ],
  [
    'an absence that ends before it starts',
    { ...calendar, absences: [{ firstDay: '2027-03-02', lastDay: '2027-03-01' }] },
    'absenceReversed',
    'absences[0].lastDay',
  ],
  [
    'an absence on no date',
    { ...calendar, absences: [{ firstDay: 'soon', lastDay: '2027-03-01' }] },
    'dayInvalid',
    'absences[0].firstDay',
  ],
  [
    'a roster that ends before it starts',
    { ...calendar, rosters: [{ firstDay: '2027-03-02', lastDay: '2027-03-01', weeks: [week] }] },
    'rosterReversed',
    'rosters[0].lastDay',
  ],
  [
    'a roster without a week',
    { ...calendar, rosters: [{ firstDay: '2027-03-01', weeks: [] }] },
    'rosterEmpty',
    'rosters[0].weeks',
  ],
  [
    'a roster of more weeks than take turns',
    { ...calendar, rosters: [{ firstDay: '2027-03-01', weeks: Array(13).fill(week) }] },
    'tooManyWeeks',
    'rosters[0].weeks',
  ],
  [
    'two rosters on one day',
    {
      ...calendar,
      rosters: [
        { firstDay: '2027-03-01', weeks: [week] },
        { firstDay: '2027-02-01', lastDay: '2027-03-01', weeks: [week] },
      ],
    },
    'rosterOverlap',
    'rosters[1]',
  ],
  [
    'a Sunday night that runs into the Monday of the week after it',
    {
      ...calendar,
      rosters: [{ firstDay: '2027-03-01', weeks: [week, { ...week, sun: [[1380, 2100]] }] }],
    },
    'overlap',
    'rosters[0].weeks[1].sun[0]',
  ],
  [
    'hours off that end before they start',
    { ...calendar, hoursOff: [{ day: '2027-03-01', interval: [600, 540] }] },
    'endBeforeStart',
    'hoursOff[0].interval[0]',
  ],
  [
    'hours off of 2^60 minutes',
    { ...calendar, hoursOff: [{ day: '2027-03-01', interval: [0, 2 ** 60] }] },
    'minuteInvalid',
    'hoursOff[0].interval[0]',
  ],
  [
    'a one-off that ends before it starts',
    { ...calendar, oneOffs: [{ day: '2027-03-01', intervals: [[600, 540]] }] },
    'endBeforeStart',
    'oneOffs[0].intervals[0]',
  ],
];

describe('checking a calendar', () => {
  test('a sound calendar has no fault', () => {
    const days = [
      { day: '2026-12-24', kind: 'half', halfUntilMinute: 720 },
      { day: '2026-12-25', kind: 'off' },
      { day: '2027-01-02', kind: 'working', like: 'mon' },
    ] as const;
    const absences = [{ firstDay: '2027-02-01', lastDay: '2027-02-01' }];
    const night = { ...nineToFive, sat: [[1320, 2880]], sun: [] } as const;
    expect(checkCalendar(calendarOf('Asia/Kolkata', night, { days, absences }))).toEqual([]);
  });

  test.each(faulty)('%s is a fault with its path', (_, given, fault, path) => {
    expect(checkCalendar(given)).toEqual([{ fault, path }]);
  });

  test('a shift of Sunday night may touch Monday but not overlap it', () => {
    const sunday = (end: number) => ({ ...nineToFive, sun: [[1200, end]] as const });
    expect(checkCalendar(calendarOf('UTC', sunday(1980)))).toEqual([]);
    expect(checkCalendar(calendarOf('UTC', sunday(1981)))).toEqual([
      { path: 'week.sun[0]', fault: 'overlap' },
    ]);
  });

  test('opening a calendar that was never checked fails loudly instead of answering', () => {
    expect(() => openCalendar(calendarOf('Europe/Munchen'))).toThrow('zone zoneUnknown');
  });
});

test('every day from 1969 to 2199 has a number, one more than that of the day before', () => {
  const first = Date.UTC(1969, 0) / 86_400_000;
  const last = Date.UTC(2199, 11, 31) / 86_400_000;
  const wrong: string[] = [];
  for (let day = first; day <= last; day++) {
    const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
    if (dayNumber(text) !== day) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test.each([
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-04-31',
  '2026-02-30',
  '2100-02-29',
  '26-01-01',
  '2026-1-1',
  '2026/01/01',
  '2026-0a-01',
  '2026-01-1 ',
  ' 026-01-01',
  '+026-01-01',
  '1968-12-31',
  '2200-01-01',
  '',
])('%j is not a day', (text) => {
  expect(dayNumber(text)).toBeNull();
});
