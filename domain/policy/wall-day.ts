/** A policy counts from a day on, and where that day begins is the region's own wall to say. */
import type { Instant } from '../loop.ts';
import { dayNumber, dayText } from '../time/calendar.ts';
import { present } from '../assert.ts';
import { wallDay } from '../time/wall.ts';

/** A value for each day that an instant may be on somewhere. */
export type ByDay = Readonly<Record<string, unknown>>;

/** The day in UTC, the one before it and the one after: no zone is further away. */
export function daysAround(at: Instant): readonly [string, string, string] {
  const utc = present(dayNumber(new Date(at).toISOString().slice(0, 10)), 'a day');
  return [dayText(utc - 1), dayText(utc), dayText(utc + 1)];
}

/** Null where nothing is said on the day that it is there. */
export const onWallDay = (values: ByDay, zone: string, at: Instant): unknown =>
  values[wallDay(at, zone)] ?? null;
