/**
 * An uploaded iCalendar file (RFC 5545) as times away: every event that takes time is one, whatever it
 * says, so that nothing of what people wrote in their calendar is looked at or kept.
 */
import ICAL from 'ical.js';
import type { Instant } from '../../domain/loop.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { dayMs, isZone, wallTime } from '../../domain/time/zone.ts';
import { eventLines, type Unreadable } from './calendar-lines.ts';

/** On the wall of the person's zone; whole days, or minutes of one. */
export interface TimeAway {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly fromMinute: number | null;
  readonly untilMinute: number | null;
}

export type ReadCalendar = { readonly away: readonly TimeAway[] } | Unreadable;

export interface ReadOptions {
  readonly zone: string;
  /** Times away that ended before this, or begin after that, are left out. */
  readonly from: Instant;
  readonly until: Instant;
  /** Of times away; also bounds how far a repeating event is followed. */
  readonly awayMax: number;
}

/** A repeating event is followed from its beginning, which may lie years back. */
const occurrencesMax = 5_000;

export function readCalendar(text: string, options: ReadOptions): ReadCalendar {
  const lines = eventLines(text);
  if ('fault' in lines) return lines;
  let calendar: ICAL.Component;
  try {
    calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  } catch {
    return { fault: 'malformed', line: 1 };
  }
  const components = calendar.getAllSubcomponents('vevent');
  const away = new Map<string, TimeAway>();
  for (const [index, component] of components.entries()) {
    if (component.hasProperty('recurrence-id')) continue; // met with the event it changes
    const event = eventOf(component, components);
    const line = lines[index] ?? 1;
    const found = timesAway(event, options);
    if (found === null) return { fault: 'event', line };
    for (const time of found) away.set(JSON.stringify(time), time);
    if (away.size > options.awayMax) return { fault: 'too many', line };
  }
  return { away: [...away.values()] };
}

function eventOf(component: ICAL.Component, all: readonly ICAL.Component[]): ICAL.Event {
  const uid: unknown = component.getFirstPropertyValue('uid');
  const exceptions = all.filter(
    (other) => other.hasProperty('recurrence-id') && other.getFirstPropertyValue('uid') === uid,
  );
  return new ICAL.Event(component, { exceptions: [...exceptions] });
}

/** RFC 5545, 3.8.2.7 and 3.8.1.11. */
function takesTime({ component }: ICAL.Event): boolean {
  const isOpaque = component.getFirstPropertyValue('transp') !== 'TRANSPARENT';
  return isOpaque && component.getFirstPropertyValue('status') !== 'CANCELLED';
}

/** Null where the event cannot be read. */
function timesAway(event: ICAL.Event, options: ReadOptions): readonly TimeAway[] | null {
  try {
    const { startDate, endDate } = event;
    const once: readonly Occurrence[] = [{ startDate, endDate, item: event }];
    const occurrences = event.isRecurring() ? repeated(event, options) : once;
    const times = occurrences.filter(({ item }) => takesTime(item));
    const spans = times.map((one) => spanOf(one, options.zone));
    if (spans.includes(null)) return null;
    return spans.flatMap((span) =>
      span && isWithin(span, options) ? parts(span, options.zone) : [],
    );
  } catch {
    return null; // what the library cannot make sense of
  }
}

interface Occurrence {
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
  /** Of a repeating event: itself, or the exception in its place. */
  readonly item: ICAL.Event;
}

function repeated(event: ICAL.Event, { zone, until }: ReadOptions): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const iterator = event.iterator();
  for (let count = 0; count < occurrencesMax; count++) {
    const next = iterator.next() as ICAL.Time | undefined;
    if (!next || instantOf(next, zonesOf(event, zone).start) > until) return found;
    found.push(event.getOccurrenceDetails(next));
  }
  return found;
}

/** Whole days as they are; else instants. */
type Span =
  | { readonly days: readonly [first: number, last: number] }
  | { readonly from: Instant; readonly until: Instant };

function spanOf({ startDate, endDate, item }: Occurrence, zone: string): Span | null {
  if (!isReal(item.component)) return null;
  if (startDate.isDate) {
    const [first, after] = [dayOf(startDate), dayOf(endDate)];
    if (first === null || after === null || after < first) return null;
    return { days: [first, Math.max(first, after - 1)] };
  }
  const { start, end } = zonesOf(item, zone);
  const [from, until] = [instantOf(startDate, start), instantOf(endDate, end)];
  return Number.isNaN(from) || Number.isNaN(until) || until < from ? null : { from, until };
}

/** The library moves the thirteenth month on into the next year: days are looked at as written. */
function isReal(component: ICAL.Component): boolean {
  const written = ['dtstart', 'dtend'].flatMap((name) => component.getAllProperties(name));
  return written.every((property) => {
    const [, , , value] = property.toJSON() as readonly unknown[];
    return typeof value === 'string' && dayNumber(value.slice(0, 10)) !== null;
  });
}

/** Without a zone the person's own is meant (RFC 5545, form #1); without an end, that of the start. */
function zonesOf({ component }: ICAL.Event, own: string) {
  const zoneOf = (name: string): string | undefined =>
    component.getFirstProperty(name)?.getFirstParameter('tzid');
  const start = zoneOf('dtstart') ?? own;
  return { start, end: component.hasProperty('dtend') ? (zoneOf('dtend') ?? own) : start };
}

const dayOf = ({ year, month, day }: ICAL.Time): number | null =>
  dayNumber([year, two(month), two(day)].join('-'));
const two = (number: number): string => String(number).padStart(2, '0');

/** By our own data where the name is of IANA, else by the file's VTIMEZONE; NaN where it has none. */
function instantOf(time: ICAL.Time, zone: string): Instant {
  if (time.zone?.tzid === 'UTC') return time.toUnixTime() * 1_000;
  const day = dayOf(time);
  if (day === null) return Number.NaN;
  if (!isZone(zone)) return time.zone?.tzid === zone ? time.toJSDate().getTime() : Number.NaN;
  const found = atWall(zone, { day, minute: time.hour * 60 + time.minute });
  return 'reason' in found ? Number.NaN : found.at;
}

function isWithin(span: Span, { from, until }: ReadOptions): boolean {
  if ('from' in span) return span.until > from && span.from < until;
  const [first, last] = span.days;
  return (last + 1) * dayMs > from && first * dayMs < until;
}

/** Over several days: the rest of the first, whole days, and the beginning of the last. */
function parts(span: Span, zone: string): readonly TimeAway[] {
  if ('days' in span) return [wholeDays(...span.days)];
  if (span.from === span.until) return [];
  const from = wallTime(span.from, zone);
  const until = wallTime(span.until, zone);
  if (until.day === from.day) {
    return from.minute < until.minute ? [hours(from.day, from.minute, until.minute)] : [];
  }
  const firstWhole = from.minute === 0 ? from.day : from.day + 1;
  return [
    ...(from.minute === 0 ? [] : [hours(from.day, from.minute, dayMinutes)]),
    ...(firstWhole < until.day ? [wholeDays(firstWhole, until.day - 1)] : []),
    ...(until.minute === 0 ? [] : [hours(until.day, 0, until.minute)]),
  ];
}

const dayMinutes = 1_440;

const wholeDays = (first: number, last: number): TimeAway => ({
  firstDay: dayText(first),
  lastDay: dayText(last),
  fromMinute: null,
  untilMinute: null,
});

const hours = (day: number, fromMinute: number, untilMinute: number): TimeAway => ({
  firstDay: dayText(day),
  lastDay: dayText(day),
  fromMinute,
  untilMinute,
});
