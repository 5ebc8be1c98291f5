/** An instant in the reader's wall time, as the time engine computes it: luxon only writes it down. */
import { DateTime, FixedOffsetZone } from 'luxon';
import type { HourCycle } from '../domain/people/preferences.ts';
import { offsetMsAt } from '../domain/time/zone.ts';

/** Latin digits and the Gregorian calendar: a deadline is read the same by everyone it is forwarded to. */
const withDigits = (locale: string): string => `${locale}-u-nu-latn-ca-gregory`;

const skeleton: Intl.DateTimeFormatOptions = {
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
};

/** One object each: another one for every time would cost luxon a new formatter. */
const skeletons = {
  usual: skeleton,
  h12: { ...skeleton, hourCycle: 'h12' },
  h23: { ...skeleton, hour: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export interface WallReader {
  readonly locale: string;
  /** Null or absent: as the language has it. */
  readonly hourCycle?: HourCycle | null | undefined;
}

export function wallClock(at: number, zone: string, { locale, hourCycle }: WallReader): string {
  const offset = FixedOffsetZone.instance(Math.round(offsetMsAt(zone, at) / 60_000));
  return DateTime.fromMillis(at, { zone: offset })
    .setLocale(withDigits(locale))
    .toLocaleString(skeletons[hourCycle ?? 'usual'])
    .replaceAll('\u202F', ' '); // a narrow space for some offsets only: people search for times
}

const timeSkeletons = {
  usual: { hour: 'numeric', minute: '2-digit' },
  h12: { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' },
  h23: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Without the day, for where the day is said beside it. */
export function timeOfDay(at: number, zone: string, { locale, hourCycle }: WallReader): string {
  const offset = FixedOffsetZone.instance(Math.round(offsetMsAt(zone, at) / 60_000));
  return DateTime.fromMillis(at, { zone: offset })
    .setLocale(withDigits(locale))
    .toLocaleString(timeSkeletons[hourCycle ?? 'usual'])
    .replaceAll('\u202F', ' ');
}

/** A day such as `2027-03-10`, on no clock in particular. */
export const dayName = (day: string, locale: string): string =>
  DateTime.fromISO(day, { zone: 'utc' })
    .setLocale(withDigits(locale))
    .toLocaleString({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });

/** 1 Monday … 7 Sunday (ISO 8601); the first Monday of 1970 was the fifth. */
export const weekdayName = (weekday: number, locale: string): string =>
  DateTime.fromMillis((weekday + 3) * 86_400_000, { zone: 'utc' })
    .setLocale(withDigits(locale))
    .toLocaleString({ weekday: 'long' });

export function utcOffset(at: number, zone: string): string {
  const minutes = Math.round(offsetMsAt(zone, at) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${pad(hours)}:${pad(rest)}`;
}

/** A new formatter costs more than a message: kept by locale and zone, both from bounded lists. */
const zoneFormatters = new Map<string, Intl.DateTimeFormat>();

export function zoneName(at: number, zone: string, locale: string): string {
  const key = `${locale}/${zone}`;
  const formatter =
    zoneFormatters.get(key) ??
    new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' });
  zoneFormatters.set(key, formatter);
  const part = formatter.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  return part?.value ?? zone;
}

/** Such as `Jan 2027`, of the wall that an instant is on. */
export const monthName = (at: number, zone: string, locale: string): string =>
  DateTime.fromMillis(at, {
    zone: FixedOffsetZone.instance(Math.round(offsetMsAt(zone, at) / 60_000)),
  })
    .setLocale(withDigits(locale))
    .toLocaleString({ month: 'short', year: 'numeric' });
