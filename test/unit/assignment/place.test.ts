import { expect, test } from 'vitest';
import { daysOf, spanOf } from '../../../domain/assignment/place.ts';
import { isAtHost } from '../../../domain/assignment/state.ts';

const hourMs = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

test('it lasts from the first instant of the first day until the last day has passed, where it is spent', () => {
  const days = { firstDay: '2027-03-01', lastDay: '2027-03-05' };
  const berlin = spanOf(days, 'Europe/Berlin');
  expect([iso(berlin.from), iso(berlin.until)]).toEqual([
    '2027-02-28T23:00:00.000Z',
    '2027-03-05T23:00:00.000Z',
  ]);
  const tokyo = spanOf(days, 'Asia/Tokyo');
  expect(berlin.from - tokyo.from).toBe(8 * hourMs);
  expect(daysOf(days)).toBe(5);
});

test('one day is a whole day, also where the clocks change on it', () => {
  const day = { firstDay: '2027-03-28', lastDay: '2027-03-28' };
  const { from, until } = spanOf(day, 'Europe/Berlin');
  expect([until - from, daysOf(day)]).toEqual([23 * hourMs, 1]);
});

test('a midnight that the zone skips begins the day at the end of the gap', () => {
  const { from } = spanOf({ firstDay: '2027-04-30', lastDay: '2027-05-01' }, 'Africa/Cairo');
  expect(iso(from)).toBe('2027-04-29T22:00:00.000Z');
});

test('whoever travels lives by the host’s clock, whoever stays at home by their own', () => {
  const kinds = ['onsite', 'shadowing', 'virtual', 'mentorship'] as const;
  expect(kinds.map(isAtHost)).toEqual([true, true, false, false]);
});
