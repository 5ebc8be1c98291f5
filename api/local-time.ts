import type { Instant } from '../domain/loop.ts';
import { dayText } from '../domain/time/calendar.ts';
import { minuteMs, wallTime } from '../domain/time/zone.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-24T13:00+09:00[Asia/Tokyo]`, as in RFC 9557. */
export function localTime(at: Instant, zone: string): string {
  const { day, minute, offsetMs } = wallTime(at, zone);
  const offset = Math.abs(offsetMs) / minuteMs;
  const sign = offsetMs < 0 ? '-' : '+';
  const hours = (minutes: number): string =>
    `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${dayText(day)}T${hours(minute)}${sign}${hours(Math.floor(offset))}[${zone}]`;
}
