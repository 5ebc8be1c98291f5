import { describe, expect, test } from 'vitest';
import {
  firstDayOf,
  lastDayOf,
  quarterAfter,
  quarterAt,
  quarterPattern,
  rangeOf,
} from '../../../domain/scorecard/quarter.ts';

test.for([
  ['2026-Q4', '2026-10-01', '2026-12-31'],
  ['2027-Q1', '2027-01-01', '2027-03-31'],
  ['2028-Q1', '2028-01-01', '2028-03-31'],
  ['2027-Q2', '2027-04-01', '2027-06-30'],
] as const)('%s is from %s to %s', ([quarter, first, last]) => {
  expect([firstDayOf(quarter), lastDayOf(quarter)]).toEqual([first, last]);
});

test('quarters follow each other over the end of a year, both ways', () => {
  expect([-4, -1, 0, 1, 2, 5].map((by) => quarterAfter('2026-Q4', by))).toEqual([
    '2025-Q4',
    '2026-Q3',
    '2026-Q4',
    '2027-Q1',
    '2027-Q2',
    '2028-Q1',
  ]);
});

test('a quarter begins with the day on the wall of the place', () => {
  const at = Date.parse('2026-12-31T20:00Z');
  expect([quarterAt(at, 'Europe/Berlin'), quarterAt(at, 'Asia/Tokyo')]).toEqual([
    '2026-Q4',
    '2027-Q1',
  ]);
  const shown = (zone: string) => {
    const { from, until } = rangeOf('2026-Q3', '2026-Q4', zone);
    return [from, until].map((instant) => new Date(instant).toISOString());
  };
  expect(shown('Asia/Tokyo')).toEqual(['2026-06-30T15:00:00.000Z', '2026-12-31T15:00:00.000Z']);
  expect(shown('Europe/Berlin')).toEqual(['2026-06-30T22:00:00.000Z', '2026-12-31T23:00:00.000Z']);
});

test('every quarter of the century can be counted', () => {
  const range = rangeOf('2000-Q1', '2099-Q4', 'Pacific/Kiritimati');
  expect(range.until - range.from).toBe(36_525 * 86_400_000);
});

describe('what is no quarter', () => {
  test.for(['2026-Q0', '2026-Q5', '2026', '2026-q4', '1999-Q1', '2026-Q4 ', ' 2026-Q4'])(
    '%j',
    (text) => {
      expect(quarterPattern.test(text)).toBe(false);
    },
  );
});
