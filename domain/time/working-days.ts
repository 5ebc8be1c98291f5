/** Days of work, a word of its own: there is no "day" of working time. */
import type { Instant } from '../loop.ts';
import type { WorkingCalendar } from './calendar.ts';
import {
  type TimeLimit,
  beyondHorizon,
  invalidQuestion,
  neverWorking,
  outside,
  windowsPerQuestionMax,
} from './limit.ts';
import { shiftsOf, shiftsOn } from './shifts.ts';
import { type WallInstant, atWall } from './wall.ts';
import { isLimit, openCalendar } from './working-time.ts';
import { type ZoneData, dayMs, horizon, minuteMs, zones, wallTime, windowMs } from './zone.ts';

const daysPerQuestionMax = (windowsPerQuestionMax * windowMs) / dayMs;

/**
 * The same wall time on the n-th working day after that of `from`, or before it when negative; 0 is
 * `from` itself. A working day is one on which a shift begins; what is skipped or repeated there is
 * told with the answer. Time on hold does not matter here.
 */
export function addWorkingDays(
  calendar: WorkingCalendar,
  { from, days }: { readonly from: Instant; readonly days: number },
  zoneData: ZoneData = zones,
): WallInstant | TimeLimit {
  if (!(from >= horizon.from && from < horizon.until)) return outside(from);
  if (!Number.isSafeInteger(days)) return invalidQuestion;
  if (days === 0) return { at: from, shown: 'once' };
  const { zone } = calendar;
  const { day: today, offsetMs } = wallTime(from, zone, zoneData);
  const minute = (from + offsetMs - today * dayMs) / minuteMs;
  const shifts = shiftsOf(calendar);
  const step = Math.sign(days);
  let left = Math.abs(days);
  for (let away = 1; away <= daysPerQuestionMax; away++) {
    const day = today + step * away;
    if (shiftsOn(shifts, day).length === 0) continue;
    const begins = atWall(zone, { day, minute: 0 }, zoneData);
    if ('reason' in begins) return begins;
    const ends = atWall(zone, { day: day + 1, minute: 0 }, zoneData);
    const isSkipped = !('reason' in ends) && ends.at === begins.at;
    if (!isSkipped) left--;
    if (left === 0) return atWall(zone, { day, minute }, zoneData);
  }
  return left === Math.abs(days) ? neverWorking : beyondHorizon;
}

/**
 * Until when somebody has so many whole working days of theirs. Asked while they do not work, they have
 * it from their next work on: of a Sunday night, five days end on Monday and not on Friday. Whoever
 * never works has so many days.
 */
export function afterWorkingDays(
  calendar: WorkingCalendar | undefined,
  from: Instant,
  days: number,
): Instant {
  const otherwise = from + days * dayMs;
  if (!calendar) return otherwise;
  const begins = openCalendar(calendar).nextWorking(from);
  if (isLimit(begins)) return otherwise;
  const found = addWorkingDays(calendar, { from: begins, days });
  return 'reason' in found ? otherwise : found.at;
}
