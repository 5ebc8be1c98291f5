/**
 * Questions about one calendar: is somebody working, when next, by when will so much have been
 * worked. Every question ends: it looks at most twenty years away, and not beyond the horizon.
 */
import type { Instant } from '../loop.ts';
import type { WorkingCalendar } from './calendar.ts';
import { type ElapsedClock, calendarClock } from './elapsed.ts';
import { type Pause, pausedClock } from './pauses.ts';
import { type TimeLimit, isLimit, orLimit } from './limit.ts';
import type { Range } from './range.ts';
import { type Room, roomOf } from './room.ts';
import { storeBytesMax, timetableStore } from './timetable.ts';
import { type ZoneData, minuteMs, zones } from './zone.ts';

export { type TimeLimit, isLimit } from './limit.ts';

export interface WorkingClock {
  /** False also outside the horizon, where nobody is known to work. */
  isWorking(at: Instant): boolean;
  /** `at` itself when working, else the next start of work. */
  nextWorking(at: Instant): Instant | TimeLimit;
  /** `at` itself when work was done just before it, else the latest end of work before it. */
  previousWorking(at: Instant): Instant | TimeLimit;
  /**
   * The earliest instant by which `minutes` have been worked since `from`: an end of shift rather
   * than the next start. Negative: the latest instant since which they have been. 0: `from`.
   */
  add(from: Instant, minutes: number): Instant | TimeLimit;
  /** Minutes worked, with fractions; negative when `to` is before `from`. */
  between(from: Instant, to: Instant): number | TimeLimit;
  /** All work within the range: start, end, start, end and so on, in order and apart. */
  stretches(range: Range): Float64Array | TimeLimit;
  /** The same into `room` from `at` on, without asking for memory; returns where it ended. */
  writeStretches(range: Range, room: Room, at: number): number | TimeLimit;
}

export interface CalendarOptions {
  /** Half-open stretches on hold: they count as not worked. In any order, may overlap. */
  readonly pauses?: readonly Pause[];
  readonly zoneData?: ZoneData;
}

const store = timetableStore(storeBytesMax);

/** Of a calendar that `checkCalendar` finds no fault with; anything else is a bug of the caller. */
export function openCalendar(
  calendar: WorkingCalendar,
  options: CalendarOptions = {},
): WorkingClock {
  const { pauses = [], zoneData = zones } = options;
  const clock = calendarClock(store.open(calendar, zoneData));
  return inMinutes(pauses.length > 0 ? pausedClock(clock, pauses) : clock);
}

const ownRoom = roomOf(1_024);

const inMinutes = (clock: ElapsedClock): WorkingClock => ({
  isWorking: clock.isWorking,
  nextWorking: (at) => orLimit(clock.nextWorking(at)),
  previousWorking: (at) => orLimit(clock.previousWorking(at)),
  add: (from, minutes) => orLimit(clock.addMs(from, Math.round(minutes * minuteMs))),
  between: (from, to) => orLimit(clock.workedMs(from, to) / minuteMs),
  stretches: (range) => {
    const end = clock.writeStretches(range, ownRoom, 0);
    return isLimit(end) ? end : ownRoom.numbers.slice(0, end);
  },
  writeStretches: clock.writeStretches,
});
