/** What a meeting costs one person, and why. */
import {
  type Gap,
  type Inconvenience,
  distanceMinutesMax,
  distanceMs,
  gapsBetween,
  isRest,
  night,
  outsideMs,
  pointsPerNight,
  pointsPerNightMinute,
  pointsPerRestMinute,
  restMissingMs,
} from './inconvenience.ts';
import type { TimeLimit } from './limit.ts';
import type { Range } from './range.ts';
import { type WorkingClock, openCalendar } from './working-time.ts';
import { type ZoneData, horizon, minuteMs } from './zone.ts';

export interface Attendee {
  readonly clock: WorkingClock;
  /** Where it is night for them. */
  readonly zone: string;
  /** Points of meetings before this one; whoever has many is asked last. 0 unless told. */
  readonly soFar?: number;
}

export interface SlotCost {
  readonly points: number;
  /** They add up to the points; none for who is at work for the whole meeting. */
  readonly reasons: readonly Inconvenience[];
}

/** What a meeting costs somebody: where they do not work, and where that is at night. */
export interface Burden {
  readonly gaps: readonly Gap[];
  readonly nights: readonly Gap[];
  readonly soFarMs: number;
}

/** As far as work matters to a meeting within the range. */
function around({ from, until }: Range): Range {
  const farMs = distanceMinutesMax * minuteMs;
  return {
    from: Math.max(from - farMs, horizon.from),
    until: Math.min(until + farMs, horizon.until - 1),
  };
}

export function burdenOf(
  { clock, soFar = 0 }: Attendee,
  range: Range,
  nights: Float64Array | TimeLimit,
): Burden | TimeLimit {
  const worked = clock.stretches(around(range));
  if ('reason' in worked) return worked;
  if ('reason' in nights) return nights;
  const gaps = gapsBetween(worked);
  return { gaps, nights: nightsIn(gaps, nights), soFarMs: Math.round(soFar * minuteMs) };
}

/** The nights of each zone once. */
export function nightsOf(
  range: Range,
  zoneData: ZoneData,
): (zone: string) => Float64Array | TimeLimit {
  const known = new Map<string, Float64Array | TimeLimit>();
  return (zone) => {
    const nights = known.get(zone) ?? nightClock(zone, zoneData).stretches(range);
    known.set(zone, nights);
    return nights;
  };
}

function nightClock(zone: string, zoneData: ZoneData): WorkingClock {
  const hours = [night];
  const week = {
    mon: hours,
    tue: hours,
    wed: hours,
    thu: hours,
    fri: hours,
    sat: hours,
    sun: hours,
  };
  return openCalendar({ zone, week, days: [], absences: [], revision: 0 }, { zoneData });
}

function nightsIn(gaps: readonly Gap[], nights: Float64Array): readonly Gap[] {
  const found: Gap[] = [];
  let i = 0;
  for (const gap of gaps) {
    while (i < nights.length && nights[i + 1]! <= gap.from) i += 2;
    for (let k = i; k < nights.length && nights[k]! < gap.until; k += 2) {
      found.push({
        from: Math.max(nights[k]!, gap.from),
        until: Math.min(nights[k + 1]!, gap.until),
      });
    }
  }
  return found;
}

export function costOf(slot: Range, { gaps, nights, soFarMs }: Burden): SlotCost {
  const reasons = [...gapReasons(slot, gaps), ...nightReasons(slot, nights)];
  if (reasons.length > 0 && soFarMs > 0) reasons.push(reason('soFar', soFarMs, 1));
  return { points: reasons.reduce((sum, { points }) => sum + points, 0), reasons };
}

const reason = (code: Inconvenience['code'], ms: number, weight: number): Inconvenience => ({
  code,
  minutes: ms / minuteMs,
  points: (ms * weight) / minuteMs,
});

const touches = (slot: Range, gap: Gap): boolean => slot.from < gap.until && gap.from < slot.until;

function gapReasons(slot: Range, gaps: readonly Gap[]): Inconvenience[] {
  const lengthMs = slot.until - slot.from;
  let [outside, missing] = [0, 0];
  const distances: Inconvenience[] = [];
  for (const gap of gaps) {
    if (!touches(slot, gap)) continue;
    const [before, after] = [slot.from - gap.from, gap.until - slot.until];
    outside += outsideMs(lengthMs, before, after);
    const distance = distanceMs(before, after);
    const isFar = distance === distanceMinutesMax * minuteMs;
    const code = isFar ? 'farFromWork' : before <= after ? 'afterWork' : 'beforeWork';
    if (distance > 0) distances.push(reason(code, distance, 1));
    if (isRest(gap)) missing += restMissingMs(before, after);
  }
  return [
    ...(outside > 0 ? [reason('outsideHours', outside, 1)] : []),
    ...distances,
    ...(missing > 0 ? [reason('shortRest', missing, pointsPerRestMinute)] : []),
  ];
}

function nightReasons(slot: Range, nights: readonly Gap[]): Inconvenience[] {
  const lengthMs = slot.until - slot.from;
  const broken = nights.filter((night) => touches(slot, night));
  const ms = broken.reduce(
    (sum, { from, until }) => sum + outsideMs(lengthMs, slot.from - from, until - slot.until),
    0,
  );
  if (ms === 0) return [];
  const minutes = ms / minuteMs;
  return [{ code: 'night', minutes, points: pointsPerNight + minutes * pointsPerNightMinute }];
}
