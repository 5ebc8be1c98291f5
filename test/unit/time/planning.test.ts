import { expect, test } from 'vitest';
import { Refusal } from '../../../domain/problem.ts';
import { asWorkingTime } from '../../../domain/time/planning.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, everyDay, instant } from './weeks.ts';

const monday = instant('2026-11-23T12:00Z');

const refusal = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (error) {
    return error instanceof Refusal ? error.problem.code : error;
  }
};

test('planning with somebody who never works is refused in words people know', () => {
  const never = asWorkingTime(openCalendar(calendarOf('UTC', everyDay())));
  expect(refusal(() => never.add(monday, 60))).toBe('person.no_working_time');
  expect(refusal(() => never.nextWorking(monday))).toBe('person.no_working_time');
});

test('planning beyond what is known is refused, and answers within it pass through', () => {
  const working = asWorkingTime(openCalendar(calendarOf('UTC')));
  expect(refusal(() => working.add(monday, 1e9))).toBe('time.horizon');
  expect(refusal(() => working.between(monday, -1))).toBe('time.horizon');
  expect(working.between(monday, working.add(monday, 600))).toBe(600);
});

test('planning with what is no number is a bug, not a refusal', () => {
  const working = asWorkingTime(openCalendar(calendarOf('UTC')));
  expect(() => working.add(Number.NaN, 60)).toThrow('assertion failed');
});
