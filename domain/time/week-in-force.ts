/** Which week is in force on a day: that of a roster, or the usual one. */
import { assert } from '../assert.ts';
import {
  type HolidayRule,
  type MinuteInterval,
  type Week,
  type WorkingCalendar,
  dayNumber,
} from './calendar.ts';
import { weekdayIndex, weekdays } from './weekday.ts';

export type DayShifts = readonly MinuteInterval[];

interface WeekShifts {
  /** From Monday on. */
  readonly days: readonly DayShifts[];
  readonly holidayRule: HolidayRule;
}

interface RosterShifts extends Days {
  /** The Monday that the first of the weeks begins on. */
  readonly monday: number;
  readonly weeks: readonly WeekShifts[];
}

/** Both included. */
export interface Days {
  readonly first: number;
  readonly last: number;
}

/** Without special days. */
export interface UsualShifts {
  readonly week: WeekShifts;
  /** Apart, in the order of their days. */
  readonly rosters: readonly RosterShifts[];
}

/** Of the roster that counts on that day, else the usual one. */
export function weekOn({ week, rosters }: UsualShifts, day: number): WeekShifts {
  let low = 0;
  let high = rosters.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rosters[middle]!.last < day) low = middle + 1;
    else high = middle;
  }
  const roster = rosters[low];
  if (!roster || day < roster.first) return week;
  const { monday, weeks } = roster;
  return weeks[Math.floor((day - monday) / 7) % weeks.length] ?? week;
}

export const usualShifts = (usual: UsualShifts, day: number): DayShifts =>
  weekOn(usual, day).days[weekdayIndex(day)] ?? nothing;

export const nothing: DayShifts = [];

export function usualOf({
  week,
  rosters = [],
  holidayRule = 'shift',
}: WorkingCalendar): UsualShifts {
  const weekShifts = (hours: Week, rule: HolidayRule): WeekShifts => ({
    days: weekdays.map((weekday) => sorted(hours[weekday])),
    holidayRule: rule,
  });
  return {
    week: weekShifts(week, holidayRule),
    rosters: rosters
      .map(({ firstDay, lastDay, weeks }): RosterShifts => {
        const first = numberOf(firstDay);
        return {
          first,
          last: lastDay === undefined ? Infinity : numberOf(lastDay),
          monday: first - weekdayIndex(first),
          weeks: weeks.map((hours) => weekShifts(hours, hours.holidayRule ?? holidayRule)),
        };
      })
      .sort((a, b) => a.first - b.first),
  };
}

export function sorted(shifts: DayShifts): DayShifts {
  const isSorted = shifts.every(([start], i) => i === 0 || shifts[i - 1]![0] <= start);
  return isSorted ? shifts : shifts.toSorted(([a], [b]) => a - b);
}

export function numberOf(day: string): number {
  const number = dayNumber(day);
  assert(number !== null, `${day} is a day: calendars are checked before they are opened`);
  return number;
}
