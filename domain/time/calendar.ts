/**
 * When somebody works, as the organisation writes it down: wall time in one zone. Layers are fixed:
 * one-off days > absences > holidays and working days > the week. A shift belongs to the day it
 * begins on, so a day that is off drops the shifts that begin on it, also where they pass midnight.
 */
import { isZone } from './zone.ts';
import { type Weekday, weekdays } from './weekday.ts';

/** Minutes of the wall day, half-open; the end may lie in the next day (up to 2880). */
export type MinuteInterval = readonly [start: number, end: number];

export type Week = Readonly<Record<Weekday, readonly MinuteInterval[]>>;

/** `off`: nothing begins; `half`: nothing after `halfUntilMinute`; `working`: as on the day `like`. */
export interface SpecialDay {
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  readonly halfUntilMinute?: number;
  /** Absent: the weekday's own hours, or when it has none, those of the nearest earlier one that has. */
  readonly like?: Weekday;
}

/** Full local days, both included. */
export interface Absence {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Exactly these hours on that day, whatever the other layers say. */
export interface OneOff {
  readonly day: string;
  readonly intervals: readonly MinuteInterval[];
}

export interface WorkingCalendar {
  readonly zone: string;
  readonly week: Week;
  readonly days: readonly SpecialDay[];
  readonly absences: readonly Absence[];
  readonly oneOffs?: readonly OneOff[];
  /** Counts changes; names the calendar in a stored plan. */
  readonly revision: number;
}

export const calendarFaults = [
  'zoneUnknown',
  'dayInvalid',
  'dayTwice',
  'minuteInvalid',
  'endBeforeStart',
  'endTooLate',
  'startTooLate',
  'overlap',
  'tooManyIntervals',
  'halfUntilMissing',
  'halfUntilNeedless',
  'likeNeedless',
  'absenceReversed',
] as const;

/** What is wrong and where, such as `week.mon[1]`. */
export interface CalendarFault {
  readonly path: string;
  readonly fault: (typeof calendarFaults)[number];
}

export const intervalsPerDayMax = 24;
const dayMinutes = 1_440;
const intervalEndMax = 2 * dayMinutes;

/** Everything that is wrong with a calendar; none means that it can be opened. */
export function checkCalendar(calendar: WorkingCalendar): readonly CalendarFault[] {
  const faults: CalendarFault[] = [];
  const report = (path: string, fault: CalendarFault['fault']): void => {
    faults.push({ path, fault });
  };
  if (!isZone(calendar.zone)) report('zone', 'zoneUnknown');
  checkWeek(calendar.week, report);
  checkDays('days', calendar.days, report);
  for (const [index, special] of calendar.days.entries()) {
    checkSpecialDay(special, `days[${index}]`, report);
  }
  const oneOffs = calendar.oneOffs ?? [];
  checkDays('oneOffs', oneOffs, report);
  for (const [index, { intervals }] of oneOffs.entries()) {
    checkIntervals(intervals, `oneOffs[${index}].intervals`, report);
  }
  for (const [index, absence] of calendar.absences.entries()) {
    checkAbsence(absence, `absences[${index}]`, report);
  }
  return faults;
}

type Report = (path: string, fault: CalendarFault['fault']) => void;

function checkWeek(week: Week, report: Report): void {
  for (const [index, weekday] of weekdays.entries()) {
    checkIntervals(week[weekday], `week.${weekday}`, report);
    const next = weekdays[(index + 1) % 7] ?? 'mon';
    const first = Math.min(...week[next].map(([start]) => start + dayMinutes));
    const late = week[weekday].findIndex(([, end]) => end > first);
    if (late >= 0) report(`week.${weekday}[${late}]`, 'overlap');
  }
}

function checkIntervals(list: readonly MinuteInterval[], path: string, report: Report): void {
  if (list.length > intervalsPerDayMax) report(path, 'tooManyIntervals');
  for (const [index, [start, end]] of list.entries()) {
    const at = `${path}[${index}]`;
    if (!isMinute(start) || !isMinute(end)) report(at, 'minuteInvalid');
    else if (end <= start) report(at, 'endBeforeStart');
    else if (start >= dayMinutes) report(at, 'startTooLate');
    else if (end > intervalEndMax) report(at, 'endTooLate');
    else if (list.some(([s, e], i) => i < index && s < end && start < e)) report(at, 'overlap');
  }
}

const isMinute = (minute: number): boolean => Number.isSafeInteger(minute) && minute >= 0;

function checkDays(path: string, list: readonly { readonly day: string }[], report: Report): void {
  const seen = new Set<string>();
  for (const [index, { day }] of list.entries()) {
    if (dayNumber(day) === null) report(`${path}[${index}].day`, 'dayInvalid');
    else if (seen.has(day)) report(`${path}[${index}].day`, 'dayTwice');
    seen.add(day);
  }
}

function checkSpecialDay(special: SpecialDay, path: string, report: Report): void {
  const { kind, halfUntilMinute, like } = special;
  if (kind === 'half' && halfUntilMinute === undefined) {
    report(`${path}.halfUntilMinute`, 'halfUntilMissing');
  }
  if (halfUntilMinute !== undefined) {
    if (kind !== 'half') report(`${path}.halfUntilMinute`, 'halfUntilNeedless');
    else if (!isMinute(halfUntilMinute) || halfUntilMinute > dayMinutes) {
      report(`${path}.halfUntilMinute`, 'minuteInvalid');
    }
  }
  if (like !== undefined && kind !== 'working') report(`${path}.like`, 'likeNeedless');
}

function checkAbsence({ firstDay, lastDay }: Absence, path: string, report: Report): void {
  const first = dayNumber(firstDay);
  const last = dayNumber(lastDay);
  if (first === null) report(`${path}.firstDay`, 'dayInvalid');
  if (last === null) report(`${path}.lastDay`, 'dayInvalid');
  if (first !== null && last !== null && last < first) report(`${path}.lastDay`, 'absenceReversed');
}

/** `2026-12-25` → days since 1970-01-01; null for what is not a day of 1969 to 2199. */
export function dayNumber(text: string): number | null {
  if (!/^(?:19(?:69|[7-9]\d)|2[01]\d\d)-\d\d-\d\d$/.test(text)) return null;
  const month = Number(text.slice(5, 7));
  const at = Date.UTC(Number(text.slice(0, 4)), month - 1, Number(text.slice(8)));
  return new Date(at).getUTCMonth() === month - 1 ? at / 86_400_000 : null;
}
