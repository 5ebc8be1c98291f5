/** Calendars that differ from each other, as those of people in five countries do. */
import type { WorkingCalendar } from '../domain/time/calendar.ts';

export const dayMs = 86_400_000;
export const from = Date.parse('2026-06-01T00:00:00Z');

/** Two intervals a day. */
const week = (start: number): WorkingCalendar['week'] => {
  const hours = [
    [start, 720],
    [780, start + 540],
  ] as const;
  return { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] };
};

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'America/Sao_Paulo',
  'Asia/Dubai',
];

export const zoneOf = (n: number): string => zones[n % zones.length] ?? 'UTC';

const day = (year: number, ...parts: readonly number[]): string =>
  [year, ...parts.map((part) => String(part).padStart(2, '0'))].join('-');

export const calendar = (n: number, zone = zoneOf(n)): WorkingCalendar => ({
  zone,
  week: week(420 + (n % 120)),
  days: Array.from({ length: 36 }, (_, i) => ({
    day: day(2025 + Math.trunc(i / 12), 1 + (i % 12), 1 + (n % 28)),
    kind: 'off',
  })),
  absences: [{ firstDay: '2026-08-03', lastDay: `2026-08-${10 + (n % 15)}` }],
  revision: n,
});

/** Cheap, and never the same twice in a row. */
let state = 1;
export const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 0) / 2 ** 32;
};
