/**
 * A zone as a VTIMEZONE (RFC 5545, 3.6.5) made of the segments that everything else here is computed
 * with, so that a calendar program shows the very times that our messages say.
 */
import { assert, present } from '../../domain/assert.ts';
import type { Instant } from '../../domain/loop.ts';
import { horizon, type Segment, zones } from '../../domain/time/zone.ts';

export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

const minuteMs = 60_000;

export function vtimezone(zone: string, { from, until }: Span): string {
  const segments = zones.segments(
    zone,
    Math.max(from, horizon.from),
    Math.min(until, horizon.until),
  );
  const lines = segments.flatMap((segment, index) =>
    observance(segment, segments[index - 1] ?? segment, segments),
  );
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...lines, 'END:VTIMEZONE'].join('\r\n');
}

/** The onset is the wall time that the change begins at, by the offset before it. */
function observance(
  segment: Segment,
  before: Segment,
  segments: readonly Segment[],
): readonly string[] {
  const standardMs = Math.min(...segments.map(({ offsetMs }) => offsetMs));
  const kind = segment.offsetMs > standardMs ? 'DAYLIGHT' : 'STANDARD';
  return [
    `BEGIN:${kind}`,
    `DTSTART:${basic(segment.from + before.offsetMs)}`,
    `TZOFFSETFROM:${offset(before.offsetMs)}`,
    `TZOFFSETTO:${offset(segment.offsetMs)}`,
    `END:${kind}`,
  ];
}

/** `20270328T020000`, of wall milliseconds. */
const basic = (wallMs: number): string =>
  new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');

/** `+0530`; seconds only where an old offset has them. */
function offset(ms: number): string {
  const [hours, minutes, seconds] = new Date(Math.abs(ms)).toISOString().slice(11, 19).split(':');
  assert(Math.abs(ms) < 24 * 60 * minuteMs, 'an offset is less than a day');
  const rest = seconds === '00' ? '' : present(seconds, 'seconds');
  return `${ms < 0 ? '-' : '+'}${hours}${minutes}${rest}`;
}
