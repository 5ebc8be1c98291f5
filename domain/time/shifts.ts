/** A calendar's layers folded into shifts of wall time, day by day. */
import type { Absence, MinuteInterval, SpecialDay, WorkingCalendar } from './calendar.ts';
import { type Mask, freeMasked, tail } from './masks.ts';
import {
  type DayShifts,
  type Days,
  type UsualShifts,
  nothing,
  numberOf,
  sorted,
  usualOf,
  usualShifts,
  weekOn,
} from './week-in-force.ts';
import { weekdayIndex, weekdays } from './weekday.ts';

/** Shifts in minutes of their wall day, sorted, and the days that differ from the week. */
export interface Shifts extends UsualShifts {
  readonly days: ReadonlyMap<number, DayShifts>;
  /** No day at all has a shift. */
  readonly isEmpty: boolean;
}

export const shiftsOn = (shifts: Shifts, day: number): DayShifts =>
  shifts.days.get(day) ?? usualShifts(shifts, day);

/** The shifts of as many days from `first` on as there is room for. */
export function fillDays(shifts: Shifts, first: number, room: DayShifts[]): void {
  const { week, rosters, days } = shifts;
  for (let i = 0, weekday = weekdayIndex(first); i < room.length; i++) {
    room[i] = week.days[weekday] ?? nothing;
    weekday = weekday === 6 ? 0 : weekday + 1;
  }
  const last = first + room.length - 1;
  for (const roster of rosters) {
    const until = Math.min(last, roster.last);
    for (let day = Math.max(first, roster.first); day <= until; day++) {
      room[day - first] = usualShifts(shifts, day);
    }
  }
  for (const [day, list] of days) if (day >= first && day <= last) room[day - first] = list;
}

const dayMinutes = 1_440;

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
  for (const { first, last } of apart(calendar.absences)) {
    for (let day = first; day <= last; day++) days.set(day, nothing);
  }
  for (const { day, interval } of calendar.hoursOff ?? []) {
    masks.push({ day: numberOf(day), from: interval[0], until: interval[1] });
  }
  const oneOffs = (calendar.oneOffs ?? []).map(
    ({ day, intervals }) => [numberOf(day), sorted(intervals)] as const,
  );
  freeMasked({ ...usual, days }, masks, new Set(oneOffs.map(([day]) => day)));
  for (const [day, intervals] of oneOffs) days.set(day, sorted([...intervals, ...tail(days, day)]));
  return { ...usual, days, isEmpty: !hasWork(usual, days.values()) };
}

function hasWork({ week, rosters }: UsualShifts, days: Iterable<DayShifts>): boolean {
  const isWorked = (list: DayShifts): boolean => list.length > 0;
  if (week.days.some(isWorked)) return true;
  if (rosters.some(({ weeks }) => weeks.some((turn) => turn.days.some(isWorked)))) return true;
  for (const list of days) if (isWorked(list)) return true;
  return false;
}

/** Absences may overlap: each day once, however many there are. */
function apart(absences: readonly Absence[]): readonly Days[] {
  const inOrder = absences
    .map(({ firstDay, lastDay }) => ({ first: numberOf(firstDay), last: numberOf(lastDay) }))
    .sort((a, b) => a.first - b.first);
  let before = -Infinity;
  return inOrder.map(({ first, last }) => {
    const rest = { first: Math.max(first, before + 1), last };
    before = Math.max(before, last);
    return rest;
  });
}

const freeFrom = ({ kind, halfUntilMinute = 0 }: SpecialDay): number =>
  kind === 'half' ? halfUntilMinute : 0;

function workingDay(usual: UsualShifts, { like }: SpecialDay, day: number): DayShifts {
  if (like) return usualShifts(usual, day - weekdayIndex(day) + weekdays.indexOf(like));
  // A Saturday worked by somebody who never works on Saturdays has the hours of their Friday.
  for (let back = 0; back < 7; back++) {
    const shifts = usualShifts(usual, day - back);
    if (shifts.length > 0) return shifts;
  }
  return nothing;
}

function cutAt(shifts: DayShifts, until: number): DayShifts {
  if (until === 0) return nothing;
  return shifts
    .filter(([start]) => start < until)
    .map(([start, end]): MinuteInterval => [start, Math.min(end, until)]);
}
