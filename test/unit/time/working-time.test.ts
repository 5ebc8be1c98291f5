import { describe, expect, test } from 'vitest';
import { isLimit, openCalendar } from '../../../domain/time/working-time.ts';
import { windowMs, windowsMax } from '../../../domain/time/zone.ts';
import { calendarOf, everyDay, instant, nineToFive, shown } from './weeks.ts';

const utc = openCalendar(calendarOf('UTC'));
const monday = instant('2026-11-23T12:00:00Z');
const at = (text: string): number => instant(`2026-${text}:00Z`);

describe('adding working time', () => {
  test('nothing added is the same instant, working or not', () => {
    expect(utc.add(monday, 0)).toBe(monday);
    expect(utc.add(at('11-22T03:00'), -0)).toBe(at('11-22T03:00'));
  });

  test('what fills a shift ends with the shift, not at the start of the next', () => {
    expect(shown(utc.add(monday, 300))).toBe('2026-11-23T17:00Z');
    expect(shown(utc.add(monday, 301))).toBe('2026-11-24T09:01Z');
  });

  test('backwards, what fills a shift begins with the shift, not at the end of the one before', () => {
    expect(shown(utc.add(monday, -180))).toBe('2026-11-23T09:00Z');
    expect(shown(utc.add(monday, -181))).toBe('2026-11-20T16:59Z');
  });

  test('half minutes count', () => {
    expect(utc.add(monday, 0.5)).toBe(monday + 30_000);
    expect(utc.between(monday, monday + 30_000)).toBe(0.5);
  });

  test('years of work cross every window', () => {
    const hours = 5 * 8 * 52 * 15;
    const end = utc.add(monday, hours * 60);
    expect(shown(end)).toBe('2041-11-04T12:00Z');
    expect(isLimit(end) || utc.between(monday, end)).toBe(hours * 60);
    expect(isLimit(end) || utc.add(end, -hours * 60)).toBe(monday);
  });
});

describe('the instants around', () => {
  test('a shift is half open: its start is working, its end is not', () => {
    expect(utc.isWorking(at('11-23T09:00'))).toBe(true);
    expect(utc.isWorking(at('11-23T17:00'))).toBe(false);
    expect(shown(utc.nextWorking(at('11-23T17:00')))).toBe('2026-11-24T09:00Z');
    expect(shown(utc.nextWorking(at('11-23T09:00')))).toBe('2026-11-23T09:00Z');
  });

  test('the previous working instant is the end of the last work, or now while working', () => {
    expect(shown(utc.previousWorking(at('11-23T17:00')))).toBe('2026-11-23T17:00Z');
    expect(shown(utc.previousWorking(at('11-23T09:00')))).toBe('2026-11-20T17:00Z');
    expect(shown(utc.previousWorking(monday))).toBe(shown(monday));
  });

  test('measured the other way round, working time is negative', () => {
    expect(utc.between(monday + 3_600_000, monday)).toBe(-60);
  });
});

describe('layers', () => {
  const days = [
    { day: '2026-11-24', kind: 'off' },
    { day: '2026-11-25', kind: 'half', halfUntilMinute: 720 },
    { day: '2026-11-28', kind: 'working' },
    { day: '2026-11-29', kind: 'working', like: 'mon' },
  ] as const;
  const mondayShort = { ...nineToFive, mon: [[600, 660]] } as const;
  const on = (clock: typeof utc, day: string): unknown =>
    clock.between(at(`${day}T00:00`), at(`${day}T00:00`) + 86_400_000);

  test('a holiday masks the week, a half day cuts it, a working day borrows hours', () => {
    const clock = openCalendar(calendarOf('UTC', mondayShort, { days }));
    expect(on(clock, '11-23')).toBe(60);
    expect(on(clock, '11-24')).toBe(0);
    expect(on(clock, '11-25')).toBe(180);
    expect(on(clock, '11-28')).toBe(480); // as on the Friday before it
    expect(on(clock, '11-29')).toBe(60); // like a Monday
  });

  test('an absence outranks a working day, a one-off outranks an absence', () => {
    const absences = [{ firstDay: '2026-11-26', lastDay: '2026-11-28' }];
    const oneOffs = [{ day: '2026-11-27', intervals: [[600, 630]] }] as const;
    const clock = openCalendar(calendarOf('UTC', nineToFive, { days, absences, oneOffs }));
    expect(on(clock, '11-26')).toBe(0);
    expect(on(clock, '11-27')).toBe(30);
    expect(on(clock, '11-28')).toBe(0);
  });

  test('a night shift belongs to the day it begins on', () => {
    const absences = [{ firstDay: '2026-11-24', lastDay: '2026-11-24' }];
    const clock = openCalendar(calendarOf('UTC', everyDay([1320, 1800]), { absences }));
    expect(clock.isWorking(at('11-24T03:00'))).toBe(true);
    expect(clock.isWorking(at('11-24T23:00'))).toBe(false);
    expect(clock.isWorking(at('11-25T03:00'))).toBe(false);
    expect(clock.isWorking(at('11-25T23:00'))).toBe(true);
  });

  test('no instant is lost where two windows of the engine meet', () => {
    const clock = openCalendar(calendarOf('UTC', everyDay([0, 1440])));
    for (let index = 1; index < windowsMax; index++) {
      const seam = index * windowMs;
      for (const near of [seam - 1, seam, seam + 1]) {
        expect(clock.nextWorking(near)).toBe(near);
        expect(clock.previousWorking(near)).toBe(near);
      }
      expect(clock.between(seam - 60_000, seam + 60_000)).toBe(2);
      expect(clock.add(seam - 60_000, 1)).toBe(seam);
      expect(clock.add(seam + 60_000, -1)).toBe(seam);
    }
  });

  test('shifts that meet at midnight are one', () => {
    const clock = openCalendar(calendarOf('UTC', everyDay([0, 1440])));
    expect(clock.between(monday, monday + 7 * 86_400_000)).toBe(7 * 1440);
    expect(shown(clock.previousWorking(at('11-24T00:00')))).toBe('2026-11-24T00:00Z');
  });
});

describe('time on hold', () => {
  test('pauses may overlap, come in any order, and lie outside working hours', () => {
    const pauses = [
      [at('11-23T14:00'), at('11-23T16:00')],
      [at('11-23T02:00'), at('11-23T03:00')],
      [at('11-23T13:00'), at('11-23T15:00')],
    ] as const;
    const clock = openCalendar(calendarOf('UTC'), { pauses });
    expect(clock.between(monday, at('11-23T17:00'))).toBe(120);
    expect(shown(clock.add(monday, 60))).toBe('2026-11-23T13:00Z');
    expect(shown(clock.add(monday, 61))).toBe('2026-11-23T16:01Z');
    expect(shown(clock.nextWorking(at('11-23T13:30')))).toBe('2026-11-23T16:00Z');
    expect(shown(clock.previousWorking(at('11-23T15:30')))).toBe('2026-11-23T13:00Z');
  });

  test('a hold that has not ended has no working time after it', () => {
    const clock = openCalendar(calendarOf('UTC'), { pauses: [[monday, Infinity]] });
    expect(clock.between(at('11-23T09:00'), at('11-27T17:00'))).toBe(180);
    expect(shown(clock.add(at('11-23T09:00'), 180))).toBe('2026-11-23T12:00Z');
    expect(shown(clock.add(at('11-23T09:00'), 181))).toBe('horizon');
    expect(shown(clock.nextWorking(monday))).toBe('horizon');
  });
});

describe('what cannot be answered is a typed limit', () => {
  const never = openCalendar(calendarOf('Europe/Berlin', everyDay()));
  const once = openCalendar(
    calendarOf('UTC', everyDay(), { oneOffs: [{ day: '2026-11-23', intervals: [[0, 60]] }] }),
  );

  test('somebody who never works', () => {
    expect(
      [never.nextWorking(monday), never.previousWorking(monday), never.add(monday, 1)].map(shown),
    ).toEqual(['neverWorking', 'neverWorking', 'neverWorking']);
    expect(never.between(monday, monday + 1)).toBe(0);
    expect(never.isWorking(monday)).toBe(false);
  });

  test('somebody who has worked for the last time', () => {
    expect(shown(once.nextWorking(monday))).toBe('neverWorking');
    expect(shown(once.previousWorking(monday))).toBe('2026-11-23T01:00Z');
    expect(shown(once.add(monday, 1))).toBe('neverWorking');
    expect(shown(once.add(at('11-22T00:00'), -1))).toBe('neverWorking');
    expect(shown(once.add(at('11-22T00:00'), 61))).toBe('horizon');
    expect(shown(once.add(at('11-22T00:00'), 60))).toBe('2026-11-23T01:00Z');
  });

  test.each([
    ['an instant before 1970', -1, 'horizon'],
    ['an instant after 2101', instant('2103-01-01T00:00:00Z'), 'horizon'],
    ['2^60', 2 ** 60, 'horizon'],
    ['infinity', Infinity, 'horizon'],
    ['not a number', Number.NaN, 'invalid'],
  ])('%s', (_, asked, reason) => {
    expect(utc.isWorking(asked)).toBe(false);
    expect(shown(utc.nextWorking(asked))).toBe(reason);
    expect(shown(utc.previousWorking(asked))).toBe(reason);
    expect(shown(utc.add(asked, 1))).toBe(reason);
    expect(shown(utc.add(asked, 0))).toBe(reason);
    expect(isLimit(utc.between(asked, monday)) && isLimit(utc.between(monday, asked))).toBe(true);
    expect(isLimit(utc.add(monday, asked)) || asked === -1).toBe(true);
  });

  test('more than twenty years away', () => {
    expect(isLimit(utc.between(monday, monday + 21 * 366 * 86_400_000))).toBe(true);
    expect(shown(utc.add(monday, 5 * 8 * 60 * 52 * 25))).toBe('horizon');
    expect(shown(utc.add(monday, -5 * 8 * 60 * 52 * 25))).toBe('horizon');
  });

  test('the edges of the horizon', () => {
    expect(shown(utc.previousWorking(0))).toBe('horizon');
    expect(shown(utc.nextWorking(instant('2102-02-03T23:00:00Z')))).toBe('horizon');
    expect(Object.isFrozen(utc.nextWorking(-1))).toBe(true);
  });
});
