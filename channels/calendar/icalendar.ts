/** Events as an iCalendar file (RFC 5545), each on the wall clock of one zone. */
import ical, {
  ICalCalendarMethod,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import type { Instant } from '../../domain/loop.ts';
import { wallTime } from '../../domain/time/zone.ts';
import { type Span, vtimezone } from './vtimezone.ts';

/** Without an end it is a deadline. Days are whole ones on the wall, both included. */
export type CalendarEvent = {
  /** The same for the same thing, however often the file is made. */
  readonly id: string;
  readonly summary: string;
  readonly url?: string;
  /** False where whoever has it is free all the same. */
  readonly isBusy?: boolean;
  /** Of two about the same the higher one counts. */
  readonly sequence?: number;
} & (
  | { readonly from: Instant; readonly until?: Instant }
  | { readonly firstDay: string; readonly lastDay: string }
);

export interface CalendarFile {
  readonly name: string;
  readonly zone: string;
  readonly locale: string;
  readonly events: readonly CalendarEvent[];
  readonly at: Instant;
  /** Whose events they are, where it is sent (RFC 5546, 3.2). */
  readonly organizer?: { readonly name: string; readonly email: string };
  /** They do not take place (RFC 5546, 3.2.5). */
  readonly isCancelled?: boolean;
}

const dayMs = 86_400_000;
/** Zone rules are written down from before the first event until after the last. */
const marginMs = 366 * dayMs;
const refreshSeconds = 3_600;

export function icalendar(file: CalendarFile): string {
  const { name, zone, locale, events, at, isCancelled = false } = file;
  const instants = events.flatMap((event) =>
    'from' in event ? [event.from, event.until ?? event.from] : [],
  );
  const span: Span = {
    from: Math.min(at, ...instants) - marginMs,
    until: Math.max(at, ...instants) + marginMs,
  };
  const calendar = ical({
    name,
    prodId: { company: 'Meridian', product: 'Meridian', language: locale.toUpperCase() },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    // Not the calendar's own zone: the library would write DTSTAMP, which is UTC, by it.
    timezone: { name: null, generator: () => vtimezone(zone, span) },
    ttl: refreshSeconds,
  });
  for (const event of events) calendar.createEvent(eventOf(event, file));
  return calendar.toString();
}

function eventOf(
  event: CalendarEvent,
  { zone, at, organizer, isCancelled = false }: CalendarFile,
): ICalEventData {
  const common = {
    id: event.id,
    summary: event.summary,
    stamp: new Date(at),
    ...(event.sequence !== undefined && { sequence: event.sequence }),
    ...(organizer !== undefined && { organizer }),
    ...(isCancelled && { status: ICalEventStatus.CANCELLED }),
    ...(event.url !== undefined && { url: event.url }),
    ...(event.isBusy === false && { transparency: ICalEventTransparency.TRANSPARENT }),
  };
  if ('firstDay' in event) {
    const end = new Date(Date.parse(event.lastDay) + dayMs);
    return { ...common, allDay: true, start: new Date(event.firstDay), end };
  }
  const { from, until } = event;
  return {
    ...common,
    timezone: zone,
    start: wallDateTime(from, zone),
    ...(until !== undefined && { end: wallDateTime(until, zone) }),
  } as ICalEventData;
}

/**
 * A wall time in the shape of ECMAScript's `Temporal`, which the library writes down as it is: its own
 * conversions would ask the runtime, whose zone data is older than ours.
 */
function wallDateTime(at: Instant, zone: string): object {
  const { offsetMs } = wallTime(at, zone);
  const wall = new Date(at + offsetMs);
  const fields = {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
  };
  const plain = {
    ...fields,
    toPlainDate: () => plain,
    toZonedDateTime: () => zoned,
    toJSON: () => wall.toISOString().slice(0, 19),
  };
  const zoned = {
    ...fields,
    timeZoneId: zone,
    toPlainDateTime: () => plain,
    withTimeZone: () => zoned,
    toInstant: () => ({ epochMilliseconds: at }),
  };
  return zoned;
}
