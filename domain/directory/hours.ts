/** How a directory file writes times: hours of a day, days, instants. */

import { dayNumber, type MinuteInterval } from '../time/calendar.ts';

const dayMinutes = 1_440;

/** `17:30` → 1050; `24:00` is the end of the day. Null when it is not a time. */
export function parseTime(text: string): number | null {
  const parts = /^(\d\d):(\d\d)$/.exec(text);
  if (!parts) return null;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2])];
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= dayMinutes ? minute : null;
}

/** `09:00-17:30` → [540, 1050]; `22:00-06:00` → [1320, 1800]. Null when it is not such hours. */
export function parseHours(text: string): MinuteInterval | null {
  const [from, to, ...rest] = text.split('-');
  const start = parseTime(from ?? '');
  const end = parseTime(to ?? '');
  if (rest.length > 0 || start === null || end === null) return null;
  if (start === end || start === dayMinutes) return null;
  return [start, end > start ? end : end + dayMinutes];
}

/** The inverse of `parseHours`. */
export function hoursText([start, end]: MinuteInterval): string {
  const time = (minute: number): string =>
    [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${time(start)}-${time(end > dayMinutes ? end - dayMinutes : end)}`;
}

/** An instant must name its offset: `2026-12-21T09:00:00+01:00` or `…Z`. */
export function parseInstant(text: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(
    text,
  );
  if (!parts || dayNumber(parts[1] ?? '') === null) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
