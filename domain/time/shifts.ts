/** A calendar's layers folded into shifts of wall time, day by day. */
import { assert } from '../assert.ts';
import {
  type MinuteInterval,
  type SpecialDay,
  type Week,
  type WorkingCalendar,
  dayNumber,
} from './calendar.ts';
import { weekdayIndex, weekdays } from './weekday.ts';

/** Shifts in minutes of their wall day, sorted, and the days that differ from the week. */
export interface Shifts {
  readonly week: readonly (readonly MinuteInterval[])[];
  readonly days: ReadonlyMap<number, readonly MinuteInterval[]>;
  /** No day at all has a shift. */
  readonly isEmpty: boolean;
}

export const shiftsOn = ({ week, days }: Shifts, day: number): readonly MinuteInterval[] =>
  days.get(day) ?? week[weekdayIndex(day)] ?? nothing;

const nothing: readonly MinuteInterval[] = [];

/** Lower layers first, so that each later one overwrites what it outranks. */
export function shiftsOf(calendar: WorkingCalendar): Shifts {
  const week = weekdays.map((weekday) => sorted(calendar.week[weekday]));
  const days = new Map<number, readonly MinuteInterval[]>();
  for (const special of calendar.days) {
    const day = numberOf(special.day);
    days.set(day, sorted(specialShifts(calendar.week, special, day)));
  }
  for (const { firstDay, lastDay } of calendar.absences) {
    const last = numberOf(lastDay);
    for (let day = numberOf(firstDay); day <= last; day++) days.set(day, nothing);
  }
  for (const { day, intervals } of calendar.oneOffs ?? []) {
    days.set(numberOf(day), sorted(intervals));
  }
  const isEmpty = [...week, ...days.values()].every((shifts) => shifts.length === 0);
  return { week, days, isEmpty };
}

function specialShifts(week: Week, special: SpecialDay, day: number): readonly MinuteInterval[] {
  const { kind, halfUntilMinute = 0, like } = special;
  if (kind === 'off') return nothing;
  if (kind === 'half') return cutAt(ownShifts(week, day), halfUntilMinute);
  return like ? week[like] : borrowedShifts(week, day);
}

const ownShifts = (week: Week, day: number): readonly MinuteInterval[] => {
  const weekday = weekdays[weekdayIndex(day)];
  return weekday ? week[weekday] : nothing;
};

/** A Saturday worked by somebody who never works on Saturdays has the hours of their Friday. */
function borrowedShifts(week: Week, day: number): readonly MinuteInterval[] {
  for (let back = 0; back < 7; back++) {
    const shifts = ownShifts(week, day - back);
    if (shifts.length > 0) return shifts;
  }
  return nothing;
}

const cutAt = (shifts: readonly MinuteInterval[], until: number): readonly MinuteInterval[] =>
  shifts
    .filter(([start]) => start < until)
    .map(([start, end]): MinuteInterval => [start, Math.min(end, until)]);

const sorted = (shifts: readonly MinuteInterval[]): readonly MinuteInterval[] =>
  shifts.toSorted(([a], [b]) => a - b);

function numberOf(day: string): number {
  const number = dayNumber(day);
  assert(number !== null, `${day} is a day: calendars are checked before they are opened`);
  return number;
}
