/** Why somebody works, or does not, on a day: which layer decided, and what it changed. */
import { type MinuteInterval, type WorkingCalendar, dayNumber } from './calendar.ts';
import { shiftsOf, shiftsOn } from './shifts.ts';

export const layers = ['week', 'off', 'half', 'working', 'absence', 'oneOff'] as const;

export interface DayExplained {
  readonly decidedBy: (typeof layers)[number];
  /** What begins on that day, in minutes of it. */
  readonly shifts: readonly MinuteInterval[];
  /** What the week alone would say. */
  readonly ofWeek: readonly MinuteInterval[];
  readonly removedMinutes: number;
  readonly addedMinutes: number;
}

/** `day` counts from 1970-01-01, on the wall of the calendar's zone. */
export function explainDay(calendar: WorkingCalendar, day: number): DayExplained {
  const shifts = shiftsOn(shiftsOf(calendar), day);
  const ofWeek = shiftsOn(shiftsOf({ ...calendar, days: [], absences: [], oneOffs: [] }), day);
  const kept = commonMinutes(shifts, ofWeek);
  return {
    decidedBy: decidingLayer(calendar, day),
    shifts,
    ofWeek,
    removedMinutes: minutesOf(ofWeek) - kept,
    addedMinutes: minutesOf(shifts) - kept,
  };
}

function decidingLayer(calendar: WorkingCalendar, day: number): DayExplained['decidedBy'] {
  const isThatDay = (entry: { readonly day: string }): boolean => dayNumber(entry.day) === day;
  if (calendar.oneOffs?.some(isThatDay)) return 'oneOff';
  const isAbsent = calendar.absences.some(({ firstDay, lastDay }) => {
    const [first, last] = [dayNumber(firstDay), dayNumber(lastDay)];
    return first !== null && last !== null && first <= day && day <= last;
  });
  if (isAbsent) return 'absence';
  return calendar.days.find(isThatDay)?.kind ?? 'week';
}

const minutesOf = (shifts: readonly MinuteInterval[]): number =>
  shifts.reduce((sum, [start, end]) => sum + end - start, 0);

const commonMinutes = (
  some: readonly MinuteInterval[],
  others: readonly MinuteInterval[],
): number =>
  some
    .flatMap(([start, end]) =>
      others.map(([s, e]) => Math.max(0, Math.min(end, e) - Math.max(start, s))),
    )
    .reduce((sum, minutes) => sum + minutes, 0);
