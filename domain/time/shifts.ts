/** A calendar's layers folded into shifts of wall time, day by day. */
import { assert } from '../assert.ts';
import {
  type HolidayRule,
  type MinuteInterval,
  type SpecialDay,
  type Week,
  type WorkingCalendar,
  dayNumber,
} from './calendar.ts';
import { weekdayIndex, weekdays } from './weekday.ts';

type DayShifts = readonly MinuteInterval[];

interface WeekShifts {
  /** From Monday on. */
  readonly days: readonly DayShifts[];
  readonly holidayRule: HolidayRule;
}

interface RosterShifts {
  readonly first: number;
  readonly last: number;
  /** The Monday that the first of the weeks begins on. */
  readonly monday: number;
  readonly weeks: readonly WeekShifts[];
}

/** Shifts in minutes of their wall day, sorted, and the days that differ from the week. */
export interface Shifts {
  readonly week: WeekShifts;
  readonly rosters: readonly RosterShifts[];
  readonly days: ReadonlyMap<number, DayShifts>;
  /** No day at all has a shift. */
  readonly isEmpty: boolean;
}

export const shiftsOn = (shifts: Shifts, day: number): DayShifts =>
  shifts.days.get(day) ?? usualShifts(shifts, day);

const nothing: DayShifts = [];
const dayMinutes = 1_440;

type Usual = Pick<Shifts, 'week' | 'rosters'>;

/** Of the roster that counts on that day, else the usual one. */
function weekOn({ week, rosters }: Usual, day: number): WeekShifts {
  for (const { first, last, monday, weeks } of rosters) {
    if (day < first || day > last) continue;
    return weeks[Math.floor((day - monday) / 7) % weeks.length] ?? week;
  }
  return week;
}

const usualShifts = (usual: Usual, day: number): DayShifts =>
  weekOn(usual, day).days[weekdayIndex(day)] ?? nothing;

/** Lower layers first, so that each later one overwrites what it outranks. */
export function shiftsOf(calendar: WorkingCalendar): Shifts {
  const usual = usualOf(calendar);
  const days = new Map<number, DayShifts>();
  const masks: Mask[] = [];
  for (const special of calendar.days) {
    const day = numberOf(special.day);
    if (special.kind === 'working') days.set(day, workingDay(usual, special, day));
    else if (weekOn(usual, day).holidayRule === 'shift') {
      days.set(day, cutAt(usualShifts(usual, day), freeFrom(special)));
    } else masks.push({ day, from: freeFrom(special), until: dayMinutes });
  }
  for (const { firstDay, lastDay } of calendar.absences) {
    const last = numberOf(lastDay);
    for (let day = numberOf(firstDay); day <= last; day++) days.set(day, nothing);
  }
  for (const { day, interval } of calendar.hoursOff ?? []) {
    masks.push({ day: numberOf(day), from: interval[0], until: interval[1] });
  }
  const oneOffs = (calendar.oneOffs ?? []).map(
    ({ day, intervals }) => [numberOf(day), sorted(intervals)] as const,
  );
  freeMasked({ ...usual, days }, masks, new Set(oneOffs.map(([day]) => day)));
  for (const [day, intervals] of oneOffs) days.set(day, sorted([...intervals, ...tail(days, day)]));
  const everyWeek = [usual.week, ...usual.rosters.flatMap(({ weeks }) => weeks)];
  const everyDay = everyWeek.flatMap((week) => week.days);
  const isEmpty = [...everyDay, ...days.values()].every((list) => list.length === 0);
  return { ...usual, days, isEmpty };
}

const freeFrom = ({ kind, halfUntilMinute = 0 }: SpecialDay): number =>
  kind === 'half' ? halfUntilMinute : 0;

function workingDay(usual: Usual, { like }: SpecialDay, day: number): DayShifts {
  if (like) return usualShifts(usual, day - weekdayIndex(day) + weekdays.indexOf(like));
  // A Saturday worked by somebody who never works on Saturdays has the hours of their Friday.
  for (let back = 0; back < 7; back++) {
    const shifts = usualShifts(usual, day - back);
    if (shifts.length > 0) return shifts;
  }
  return nothing;
}

/** Minutes of a wall day that are free, whichever day a shift there began on. */
interface Mask {
  readonly day: number;
  readonly from: number;
  readonly until: number;
}

/** Takes them out of the shifts of their day and of the night before; one-off days stay as they are. */
function freeMasked(
  shifts: Omit<Shifts, 'isEmpty'> & { readonly days: Map<number, DayShifts> },
  masks: readonly Mask[],
  exact: ReadonlySet<number>,
): void {
  for (const { day, from, until } of masks) {
    for (let began = day - 1; began * dayMinutes < day * dayMinutes + until; began++) {
      if (exact.has(began)) continue;
      const list = shifts.days.get(began) ?? usualShifts(shifts, began);
      const moved = (day - began) * dayMinutes;
      const left = without(list, from + moved, until + moved);
      if (left !== list) shifts.days.set(began, left);
    }
  }
}

/**
 * What hours off left of the night before and begins after midnight: listed with the one-off day that
 * it lies in, so that shifts follow each other in the order of time.
 */
function tail(days: Map<number, DayShifts>, day: number): DayShifts {
  const before = days.get(day - 1) ?? nothing;
  const late = before.filter(([start]) => start >= dayMinutes);
  if (late.length === 0) return nothing;
  days.set(
    day - 1,
    before.filter(([start]) => start < dayMinutes),
  );
  return late.map(([start, end]): MinuteInterval => [start - dayMinutes, end - dayMinutes]);
}

function without(list: DayShifts, from: number, until: number): DayShifts {
  if (!list.some(([start, end]) => start < until && from < end)) return list;
  return list.flatMap(([start, end]): MinuteInterval[] => [
    ...(start < Math.min(end, from) ? [[start, Math.min(end, from)] as const] : []),
    ...(Math.max(start, until) < end ? [[Math.max(start, until), end] as const] : []),
  ]);
}

function usualOf({ week, rosters = [], holidayRule = 'shift' }: WorkingCalendar): Usual {
  const weekShifts = (hours: Week, rule: HolidayRule): WeekShifts => ({
    days: weekdays.map((weekday) => sorted(hours[weekday])),
    holidayRule: rule,
  });
  return {
    week: weekShifts(week, holidayRule),
    rosters: rosters.map(({ firstDay, lastDay, weeks }): RosterShifts => {
      const first = numberOf(firstDay);
      return {
        first,
        last: lastDay === undefined ? Infinity : numberOf(lastDay),
        monday: first - weekdayIndex(first),
        weeks: weeks.map((hours) => weekShifts(hours, hours.holidayRule ?? holidayRule)),
      };
    }),
  };
}

const cutAt = (shifts: DayShifts, until: number): DayShifts =>
  shifts
    .filter(([start]) => start < until)
    .map(([start, end]): MinuteInterval => [start, Math.min(end, until)]);

const sorted = (shifts: DayShifts): DayShifts => shifts.toSorted(([a], [b]) => a - b);

function numberOf(day: string): number {
  const number = dayNumber(day);
  assert(number !== null, `${day} is a day: calendars are checked before they are opened`);
  return number;
}
