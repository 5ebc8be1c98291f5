/** From a wall clock to an instant, where a time may be skipped or shown twice. */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { dayText } from './calendar.ts';
import { type TimeLimit, invalidQuestion, outside } from './limit.ts';
import { type Weekday, weekdayIndex, weekdays } from './weekday.ts';
import { type ZoneData, dayMs, horizon, minuteMs, zones, wallTime } from './zone.ts';

/** The day that an instant is on in a zone, such as `2027-01-31`. */
export const wallDay = (at: Instant, zone: string, zoneData: ZoneData = zones): string =>
  dayText(wallTime(at, zone, zoneData).day);

/**
 * `once`: the clock shows that time once. `skipped`: never; `at` is the end of the gap, the first
 * instant that shows a later time. `repeated`: more than once; `at` is the first of them.
 */
export interface WallInstant {
  readonly at: Instant;
  readonly shown: 'once' | 'skipped' | 'repeated';
}

/** A time on a wall: minutes of a day, counted in days since 1970-01-01. */
export interface WallMinute {
  readonly day: number;
  readonly minute: number;
}

/** No zone is further from UTC, and none has ever moved its clock by more than a day. */
const offsetMaxMs = 2 * dayMs;

/** When the clocks of `zone` show that time. */
export function atWall(
  zone: string,
  { day, minute }: WallMinute,
  zoneData: ZoneData = zones,
): WallInstant | TimeLimit {
  const wall = day * dayMs + Math.round(minute * minuteMs);
  const [from, until] = [wall - offsetMaxMs, wall + offsetMaxMs];
  if (!(from >= horizon.from && until <= horizon.until)) return outside(wall);
  const segments = zoneData.segments(zone, from, until);
  const showing = segments.filter((segment) => {
    const at = wall - segment.offsetMs;
    return segment.from <= at && at < segment.until;
  });
  const [first, second] = showing;
  if (first) return { at: wall - first.offsetMs, shown: second ? 'repeated' : 'once' };
  const later = segments.find((segment) => segment.from + segment.offsetMs > wall);
  assert(later !== undefined, 'a skipped time is followed by a later one');
  return { at: later.from, shown: 'skipped' };
}

export interface WallSchedule {
  readonly zone: string;
  readonly minute: number;
  readonly weekdays: readonly Weekday[];
}

/** Eight days of the week after, and one that a zone may have skipped. */
const daysAheadMax = 9;

/**
 * The first instant from `from` on at which the clocks show that minute on one of the weekdays. Where
 * they skip it that day, the end of the gap; where they show it twice, the first time only: the
 * answer says which. `invalid`: no weekday, or a minute that is not 0 to below 1440.
 */
export function nextWall(
  from: Instant,
  schedule: WallSchedule,
  zoneData: ZoneData = zones,
): WallInstant | TimeLimit {
  const isShown = schedule.minute >= 0 && schedule.minute < dayMs / minuteMs;
  if (!isShown || schedule.weekdays.length === 0) return invalidQuestion;
  if (!(from >= horizon.from && from < horizon.until)) return outside(from);
  const { day: today } = wallTime(from, schedule.zone, zoneData);
  for (let day = today - 1; day <= today + daysAheadMax; day++) {
    const weekday = weekdays[weekdayIndex(day)];
    if (!weekday || !schedule.weekdays.includes(weekday)) continue;
    const found = atWall(schedule.zone, { day, minute: schedule.minute }, zoneData);
    if ('reason' in found || found.at >= from) return found;
  }
  throw new Error('assertion failed: every weekday comes within nine days');
}
