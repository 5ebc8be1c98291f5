import { describe, expect, test } from 'vitest';
import { clocksMax, overlap } from '../../../domain/time/overlap.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, everyDay, instant, nineToFive } from './weeks.ts';

const clockOf = (zone: string, week = nineToFive) => openCalendar(calendarOf(zone, week));
const london = clockOf('Europe/London');
const newYork = clockOf('America/New_York');
const tokyo = clockOf('Asia/Tokyo');
const rangeOf = (from: string, until: string) => ({ from: instant(from), until: instant(until) });
const told = (found: ReturnType<typeof overlap>): unknown =>
  'reason' in found
    ? found.reason
    : found.map(
        ({ from, until }) =>
          `${new Date(from).toISOString().slice(0, 16)}/${new Date(until).toISOString().slice(11, 16)}`,
      );

describe('people at work together', () => {
  test('London and New York share four hours while they are four hours apart, else three', () => {
    const shared = overlap([london, newYork], rangeOf('2027-03-12T00:00Z', '2027-03-16T00:00Z'));
    expect(told(shared)).toEqual(['2027-03-12T14:00/17:00', '2027-03-15T13:00/17:00']);
  });

  test('two of three is more than all of three', () => {
    const day = rangeOf('2026-11-23T00:00Z', '2026-11-24T00:00Z');
    expect(told(overlap([london, newYork, tokyo], day))).toEqual([]);
    expect(told(overlap([london, newYork, tokyo], day, { atLeast: 2 }))).toEqual([
      '2026-11-23T14:00/17:00',
    ]);
    expect(told(overlap([london, newYork, tokyo], day, { atLeast: 1 }))).toEqual([
      '2026-11-23T00:00/08:00',
      '2026-11-23T09:00/22:00',
    ]);
  });

  test('who stops as another starts leaves no gap, and is not at work together', () => {
    const early = clockOf('UTC', everyDay([480, 720]));
    const late = clockOf('UTC', everyDay([720, 960]));
    const day = rangeOf('2026-11-23T00:00Z', '2026-11-24T00:00Z');
    expect(told(overlap([early, late], day))).toEqual([]);
    expect(told(overlap([early, late], day, { atLeast: 1 }))).toEqual(['2026-11-23T08:00/16:00']);
  });

  test('a hold to the millisecond is cut out to the millisecond', () => {
    const at = instant('2026-11-23T10:00Z');
    const held = openCalendar(calendarOf('Europe/London'), { pauses: [[at + 1, at + 7]] });
    const range = { from: at, until: at + 10 };
    for (const clocks of [
      [held, london],
      [held, london, tokyo],
    ]) {
      expect(overlap(clocks, range, { atLeast: 2 })).toEqual([
        { from: at, until: at + 1 },
        { from: at + 7, until: at + 10 },
      ]);
    }
  });

  test('one question leaves nothing behind for the next', () => {
    const range = rangeOf('2026-11-23T00:00Z', '2026-11-28T00:00Z');
    const asked = () => told(overlap([london, newYork, tokyo], range, { atLeast: 2 }));
    const before = asked();
    overlap([tokyo, london], rangeOf('2026-01-01T00:00Z', '2027-12-31T00:00Z'), { atLeast: 1 });
    expect(asked()).toEqual(before);
  });
});

describe('what cannot be answered is a typed limit', () => {
  const day = rangeOf('2026-11-23T00:00Z', '2026-11-24T00:00Z');

  test.each([0, 3, -1, 1.5, Number.NaN, Infinity])('at least %d of two', (atLeast) => {
    expect(told(overlap([london, tokyo], day, { atLeast }))).toBe('invalid');
  });

  test('nobody, and more people than are asked about at once', () => {
    expect(told(overlap([], day))).toBe('invalid');
    expect(
      told(
        overlap(
          Array.from({ length: clocksMax + 1 }, () => tokyo),
          day,
        ),
      ),
    ).toBe('invalid');
  });

  test.each([
    ['reversed', day.until, day.from, 'invalid'],
    ['from no number', Number.NaN, day.until, 'invalid'],
    ['until no number', day.from, Number.NaN, 'invalid'],
    ['until 2^60', day.from, 2 ** 60, 'horizon'],
    ['from before 1970', -1, day.until, 'horizon'],
    ['longer than two years', day.from, day.from + 732 * 86_400_000, 'horizon'],
  ])('a range %s', (_, from, until, reason) => {
    expect(told(overlap([london, tokyo], { from, until }))).toBe(reason);
    expect(told(overlap([london, tokyo], { from, until }, { atLeast: 1 }))).toBe(reason);
  });

  test('an empty range has nothing in it', () => {
    const at = instant('2026-11-23T10:00Z');
    expect(overlap([london], { from: at, until: at })).toEqual([]);
  });
});
