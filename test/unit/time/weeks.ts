import type { MinuteInterval, Week, WorkingCalendar } from '../../../domain/time/calendar.ts';
import { isLimit } from '../../../domain/time/working-time.ts';

export const everyDay = (...hours: readonly MinuteInterval[]): Week => ({
  mon: hours,
  tue: hours,
  wed: hours,
  thu: hours,
  fri: hours,
  sat: hours,
  sun: hours,
});

export const nineToFive: Week = { ...everyDay([540, 1020]), sat: [], sun: [] };

export const calendarOf = (
  zone: string,
  week: Week = nineToFive,
  layers: Partial<WorkingCalendar> = {},
): WorkingCalendar => ({ zone, week, days: [], absences: [], revision: 1, ...layers });

export const instant = (text: string): number => Date.parse(text);

/** An instant as text, or the reason why there is none. */
export const shown = (answer: Parameters<typeof isLimit>[0]): string =>
  isLimit(answer) ? answer.reason : new Date(answer).toISOString().replace(':00.000Z', 'Z');
