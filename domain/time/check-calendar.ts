/** What is wrong with a calendar, all of it, before anything is computed with it. */
import {
  type MinuteInterval,
  type Roster,
  type SpecialDay,
  type Week,
  type WorkingCalendar,
  dayNumber,
} from './calendar.ts';
import { isZone } from './zone.ts';
import { weekdays } from './weekday.ts';

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
  'rosterReversed',
  'rosterOverlap',
  'rosterEmpty',
  'tooManyWeeks',
] as const;

/** What is wrong and where, such as `week.mon[1]`. */
export interface CalendarFault {
  readonly path: string;
  readonly fault: (typeof calendarFaults)[number];
}

export const intervalsPerDayMax = 24;
/** Weeks that take turns. */
export const weeksInTurnMax = 12;
const dayMinutes = 1_440;
const intervalEndMax = 2 * dayMinutes;

/** Everything that is wrong with a calendar; none means that it can be opened. */
export function checkCalendar(calendar: WorkingCalendar): readonly CalendarFault[] {
  const faults: CalendarFault[] = [];
  const report = (path: string, fault: CalendarFault['fault']): void => {
    faults.push({ path, fault });
  };
  if (!isZone(calendar.zone)) report('zone', 'zoneUnknown');
  checkWeek(calendar.week, { path: 'week', next: calendar.week, report });
  checkRosters(calendar.rosters ?? [], report);
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
    checkPeriod(absence, `absences[${index}]`, { report, reversed: 'absenceReversed' });
  }
  for (const [index, { day, interval }] of (calendar.hoursOff ?? []).entries()) {
    if (dayNumber(day) === null) report(`hoursOff[${index}].day`, 'dayInvalid');
    checkIntervals([interval], `hoursOff[${index}].interval`, report);
  }
  return faults;
}

type Report = (path: string, fault: CalendarFault['fault']) => void;

interface WeekCheck {
  readonly path: string;
  /** Its Monday follows this week's Sunday. */
  readonly next: Week;
  readonly report: Report;
}

function checkWeek(week: Week, { path, next, report }: WeekCheck): void {
  for (const [index, weekday] of weekdays.entries()) {
    checkIntervals(week[weekday], `${path}.${weekday}`, report);
    const following = weekdays[index + 1];
    const after = following ? week[following] : next.mon;
    const first = Math.min(...after.map(([start]) => start + dayMinutes));
    const late = week[weekday].findIndex(([, end]) => end > first);
    if (late >= 0) report(`${path}.${weekday}[${late}]`, 'overlap');
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

interface PeriodCheck {
  readonly report: Report;
  readonly reversed: CalendarFault['fault'];
}

function checkPeriod(
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay?: string },
  path: string,
  { report, reversed }: PeriodCheck,
): void {
  const first = dayNumber(firstDay);
  const last = lastDay === undefined ? Infinity : dayNumber(lastDay);
  if (first === null) report(`${path}.firstDay`, 'dayInvalid');
  if (last === null) report(`${path}.lastDay`, 'dayInvalid');
  if (first !== null && last !== null && last < first) report(`${path}.lastDay`, reversed);
}

function checkRosters(rosters: readonly Roster[], report: Report): void {
  for (const [index, { weeks, ...period }] of rosters.entries()) {
    const path = `rosters[${index}]`;
    checkPeriod(period, path, { report, reversed: 'rosterReversed' });
    if (weeks.length === 0) report(`${path}.weeks`, 'rosterEmpty');
    if (weeks.length > weeksInTurnMax) report(`${path}.weeks`, 'tooManyWeeks');
    for (const [turn, week] of weeks.entries()) {
      const next = weeks[(turn + 1) % weeks.length] ?? week;
      checkWeek(week, { path: `${path}.weeks[${turn}]`, next, report });
    }
  }
  checkApart(rosters, report);
}

/** Days as text compare as they follow each other. Of two at once, the one listed later is told. */
function checkApart(rosters: readonly Roster[], report: Report): void {
  const inOrder = rosters
    .map(({ firstDay, lastDay = '9999-12-31' }, index) => ({ firstDay, lastDay, index }))
    .sort((a, b) => (a.firstDay < b.firstDay ? -1 : Number(a.firstDay > b.firstDay)));
  let latest = inOrder[0];
  for (const roster of inOrder.slice(1)) {
    if (!latest) return;
    if (roster.firstDay <= latest.lastDay) {
      report(`rosters[${Math.max(roster.index, latest.index)}]`, 'rosterOverlap');
    }
    if (roster.lastDay > latest.lastDay) latest = roster;
  }
}
