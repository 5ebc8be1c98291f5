/** What a new publication changes in the days published before. */
import type { PublishedHoliday } from './published-holiday.ts';

export interface HolidayChange {
  readonly day: string;
  /** Null: it is new. */
  readonly from: PublishedHoliday | null;
  /** Null: it is no holiday any more. */
  readonly to: PublishedHoliday | null;
}

/** Day by day, the earliest first; days that stay as they are do not appear. */
export function compareHolidays(
  before: readonly PublishedHoliday[],
  after: readonly PublishedHoliday[],
): readonly HolidayChange[] {
  const [old, now] = [before, after].map((days) => new Map(days.map((day) => [day.day, day])));
  const days = [...new Set([...before, ...after].map(({ day }) => day))].sort();
  return days.flatMap((day) => {
    const [from, to] = [old?.get(day) ?? null, now?.get(day) ?? null];
    return from && to && isSame(from, to) ? [] : [{ day, from, to }];
  });
}

const isSame = (a: PublishedHoliday, b: PublishedHoliday): boolean =>
  a.kind === b.kind &&
  a.halfUntilMinute === b.halfUntilMinute &&
  a.name === b.name &&
  a.source === b.source &&
  a.status === b.status &&
  isSameNames(a.names, b.names);

const isSameNames = (a: PublishedHoliday['names'], b: PublishedHoliday['names']): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([language, name]) => b[language] === name);
