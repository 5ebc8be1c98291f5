/**
 * Zones as constant-offset segments: the only place that asks the runtime about offsets. Everything
 * else in this folder is arithmetic over segments, whatever source they come from.
 */
import { assert, present } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { boundedCache } from './bounded-cache.ts';
import { completedVersion, pinnedVersion, pinnedZones } from './pinned-zones.ts';
import { correctZones, joined, pinnedOffsetMs, pinFinder } from './zone-correction.ts';

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Time is cut into windows of two years; calendars and zones are worked out one window at a time. */
export const windowMs = 731 * dayMs;
export const windowsMax = 66;

/** What can be asked about: 1970-01-01 until after the year 2100. Beyond it there is no answer. */
export const horizon = { from: 0, until: windowsMax * windowMs } as const;

/** A stretch of time, half-open, during which wall time is UTC plus `offsetMs`. */
export interface Segment {
  readonly from: Instant;
  readonly until: Instant;
  readonly offsetMs: number;
}

/** Where segments come from. `version` names the time-zone database they were read from. */
export interface ZoneData {
  readonly version: string;
  /** Segments that cover [from, until) without a gap; neighbours differ in offset. */
  segments(zone: string, from: Instant, until: Instant): readonly Segment[];
}

const formattersMax = 128; // each takes some 30 kB
const formatters = boundedCache<Intl.DateTimeFormat>(formattersMax);

/** 600 zones over ten years; a window of a zone takes a few hundred bytes. */
const zoneWindowsMax = 3_000;
const zoneWindows = boundedCache<readonly Segment[]>(zoneWindowsMax);

/** Two changes of Boa Vista in 2000 are 6.96 days apart: a longer step would miss both. */
const stepMs = 3 * dayMs;

/**
 * The zone data of this runtime as it was built, to be compared with: nothing is computed from it.
 * Its version is that of the time-zone database, such as `2026c`.
 */
export const runtimeZones: ZoneData = {
  version: process.versions.tz ?? 'unknown',
  segments: (zone, from, until) => cut(from, until, (index) => zoneWindow(zone, index)),
};

/** The one source of local time, for arithmetic and display: the runtime's, corrected where behind. */
export const zones: ZoneData = correctZones(runtimeZones, {
  version: pinnedVersion,
  completes: completedVersion,
  zones: pinnedZones,
});

const pinInForce = pinFinder(zones === runtimeZones ? [] : pinnedZones);

/** By `zones`: UTC plus this is the wall time; whole seconds, since some old offsets have them. */
export function offsetMsAt(zone: string, at: Instant): number {
  const pin = pinInForce(zone);
  if (pin && pin.from <= at && at < pin.until) return pinnedOffsetMs(pin);
  if (at < horizon.from || at >= horizon.until) return probe(zone, at);
  const segment = zoneWindow(zone, Math.floor(at / windowMs)).find(({ until }) => at < until);
  assert(segment !== undefined, `${zone} has an offset at ${at}`);
  return segment.offsetMs;
}

export interface WallTime {
  /** Days since 1970-01-01 on the wall. */
  readonly day: number;
  /** Of that day, from 0 to below 1440; whole. */
  readonly minute: number;
  readonly offsetMs: number;
}

export function wallTime(at: Instant, zone: string, zoneData: ZoneData = zones): WallTime {
  const offsetMs =
    zoneData === zones
      ? offsetMsAt(zone, at)
      : present(zoneData.segments(zone, at, at + 1)[0], 'segment').offsetMs;
  const day = Math.floor((at + offsetMs) / dayMs);
  return { day, minute: Math.floor((at + offsetMs - day * dayMs) / minuteMs), offsetMs };
}

const zoneShape = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;
const known = boundedCache<boolean>(1_000);

/** Whether the runtime knows this IANA id. A bare offset such as `+02:00` is not a zone. */
export function isZone(id: string): boolean {
  if (id.length > 64 || !zoneShape.test(id)) return false;
  const cached = known.get(id);
  if (cached !== undefined) return cached;
  const answer = isKnown(id);
  known.set(id, answer);
  return answer;
}

function isKnown(id: string): boolean {
  try {
    formatter(id);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Segments of [from, until), which lies in the horizon, from windows of a zone. */
function cut(
  from: Instant,
  until: Instant,
  windowAt: (index: number) => readonly Segment[],
): readonly Segment[] {
  assert(from < until && from >= horizon.from && until <= horizon.until, 'range in the horizon');
  const windows: Segment[] = [];
  for (let index = Math.floor(from / windowMs); index * windowMs < until; index++) {
    windows.push(...windowAt(index));
  }
  return joined(
    windows.map((segment) => ({
      from: Math.max(segment.from, from),
      until: Math.min(segment.until, until),
      offsetMs: segment.offsetMs,
    })),
  );
}

function zoneWindow(zone: string, index: number): readonly Segment[] {
  const key = `${index}/${zone}`;
  const cached = zoneWindows.get(key);
  if (cached) return cached;
  const clock = formatter(zone);
  const found = findSegments((at) => shownOffsetMs(clock.format(at)), {
    from: index * windowMs,
    until: (index + 1) * windowMs,
  });
  zoneWindows.set(key, found);
  return found;
}

/** Steps through the window and halves each step whose ends differ, down to the second. */
export function findSegments(
  offsetAt: (at: Instant) => number,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): readonly Segment[] {
  const found: Segment[] = [];
  let start = from;
  let offsetMs = offsetAt(from);
  for (let before = from; before < until; before = Math.min(before + stepMs, until)) {
    const after = Math.min(before + stepMs, until);
    let next = offsetAt(after);
    let low = before;
    while (next !== offsetMs) {
      const change = firstOtherSecond(offsetAt, { offsetMs, low, high: after });
      if (change >= until) break;
      found.push({ from: start, until: change, offsetMs });
      [start, low, offsetMs] = [change, change, offsetAt(change)];
      next = offsetAt(after);
    }
  }
  found.push({ from: start, until, offsetMs });
  return found;
}

interface Bracket {
  readonly offsetMs: number;
  readonly low: Instant;
  readonly high: Instant;
}

function firstOtherSecond(
  offsetAt: (at: Instant) => number,
  { offsetMs, low, high }: Bracket,
): Instant {
  let [same, other] = [low, high];
  for (const unitMs of [hourMs, secondMs]) {
    while (other - same > unitMs) {
      const middle = same + Math.ceil((other - same) / (2 * unitMs)) * unitMs;
      if (offsetAt(middle) === offsetMs) same = middle;
      else other = middle;
    }
    // Nearly every change is at a full hour: then the second before it is the last to be looked at.
    const eve = other - secondMs;
    if (eve > same && offsetAt(eve) !== offsetMs) other = eve;
    else return other;
  }
  return other;
}

const hourMs = 3_600_000;
const secondMs = 1_000;

/** Seconds and a zone name: the fewest fields from which the runtime shows an exact offset. */
function formatter(zone: string): Intl.DateTimeFormat {
  const cached = formatters.get(zone);
  if (cached) return cached;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    second: 'numeric',
    timeZoneName: 'longOffset',
  });
  formatters.set(zone, made);
  return made;
}

/** `7 GMT-03:30`, `7 GMT-00:44:30` or `7 GMT`. */
const shown = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

const probe = (zone: string, at: Instant): number => shownOffsetMs(formatter(zone).format(at));

function shownOffsetMs(text: string): number {
  const parts = shown.exec(text);
  assert(parts !== null, `the runtime shows an offset: ${text}`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = parts;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -offset : offset) * 1_000;
}
