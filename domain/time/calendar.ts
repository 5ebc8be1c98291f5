/**
 * When somebody works, as the organisation writes it down: wall time in one zone. Layers are fixed:
 * one-off days > time off > holidays and working days > the week. A shift belongs to the day it
 * begins on: an absence of that day drops it, also where it passes midnight.
 */
import type { Weekday } from './weekday.ts';

/** Minutes of the wall day, half-open; the end may lie in the next day (up to 2880). */
export type MinuteInterval = readonly [start: number, end: number];

export type Week = Readonly<Record<Weekday, readonly MinuteInterval[]>>;

/**
 * Other weeks than the usual one, from a day on: one, or several in turn, each from Monday to Sunday.
 * The first of them is the week that holds `firstDay`. No two rosters count on one day.
 */
export interface Roster {
  readonly firstDay: string;
  /** Included; absent, it has no end. */
  readonly lastDay?: string;
  readonly weeks: readonly WeekInTurn[];
}

/** Its own holiday rule counts on the days it is in force; absent, that of the calendar. */
export type WeekInTurn = Week & { readonly holidayRule?: HolidayRule };

/** `off`: no work; `half`: none after `halfUntilMinute`; `working`: as on the day `like`. */
export interface SpecialDay {
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  readonly halfUntilMinute?: number;
  /** Absent: the weekday's own hours, or when it has none, those of the nearest earlier one that has. */
  readonly like?: Weekday;
}

/**
 * What a day off does to shifts that pass midnight. `shift`: it drops those that begin on it, whole,
 * and spares one that ends on it. `day`: it frees the wall day, whichever day a shift began on.
 */
export const holidayRules = ['shift', 'day'] as const;
export type HolidayRule = (typeof holidayRules)[number];

/** Full local days, both included. */
export interface Absence {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Part of a day on the wall, whichever day the shift began on that it is taken from. */
export interface HoursOff {
  readonly day: string;
  readonly interval: MinuteInterval;
}

/** Exactly these hours begin on that day, whatever the other layers say. */
export interface OneOff {
  readonly day: string;
  readonly intervals: readonly MinuteInterval[];
}

export interface WorkingCalendar {
  readonly zone: string;
  /** The usual one, on days without a roster. */
  readonly week: Week;
  readonly rosters?: readonly Roster[];
  readonly days: readonly SpecialDay[];
  /** Absent: `shift`. A week in turn can have another. */
  readonly holidayRule?: HolidayRule;
  readonly absences: readonly Absence[];
  readonly hoursOff?: readonly HoursOff[];
  readonly oneOffs?: readonly OneOff[];
  /** Counts changes; names the calendar in a stored plan. */
  readonly revision: number;
}

/** `2026-12-25` → days since 1970-01-01; null for what is not a day of 1969 to 2199. */
export function dayNumber(text: string): number | null {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return null;
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  // Whatever has a letter in it is NaN, which is within no bounds.
  if (!(year >= 1_969 && year <= 2_199 && month >= 1 && month <= 12 && day >= 1)) return null;
  return day <= daysOf(year, month) ? Date.UTC(year, month - 1, day) / 86_400_000 : null;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  const areDigits = tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return areDigits ? 10 * tens + ones : Number.NaN;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** 0 → `1970-01-01`, as `dayNumber` reads it. */
export const dayText = (day: number): string =>
  new Date(day * 86_400_000).toISOString().slice(0, 10);
