/**
 * What a meeting at a bad hour costs a person, in points, and why. Nothing while they work. Else a
 * point for each minute that they do not work, a point for each minute that it is away from their
 * work, and more at night and where it takes their daily rest.
 */
import type { Instant } from '../loop.ts';
import type { MinuteInterval } from './calendar.ts';
import { minuteMs } from './zone.ts';

/** On the wall of the person's zone. */
export const night: MinuteInterval = [22 * 60, 30 * 60];
export const pointsPerNightMinute = 2;
/** Once for a meeting that breaks the night at all, however short: as much as two hours. */
export const pointsPerNight = 120;

/** Directive 2003/88/EC, article 3: in each day eleven hours of rest at a stretch. */
export const restMinutes = 11 * 60;
export const pointsPerRestMinute = 2;

/** Further from work than that is no worse: a weekend, a leave. */
export const distanceMinutesMax = 24 * 60;

export const inconveniences = [
  /** Minutes of the meeting that are not worked. */
  'outsideHours',
  /** Minutes from its end to the start of work, or from the end of work to its start: the fewer. */
  'beforeWork',
  'afterWork',
  /** A day or more from work on either side. */
  'farFromWork',
  /** Minutes of the meeting at night that are not worked. */
  'night',
  /** Minutes that are missing from the rest before and after, of which the longer one counts. */
  'shortRest',
  /** What the person has borne before; it counts only where this meeting costs them something. */
  'soFar',
] as const;

export interface Inconvenience {
  readonly code: (typeof inconveniences)[number];
  readonly minutes: number;
  readonly points: number;
}

/**
 * Time between work and work. Parts of a meeting that lie in several gaps cost what each costs, so
 * that points are a sum over gaps; but a meeting breaks the night only once.
 */
export interface Gap {
  /** Infinite where no work is near. */
  readonly from: Instant;
  readonly until: Instant;
}

/** A shorter gap is a break, which is nobody's daily rest. */
export const isRest = ({ from, until }: Gap): boolean => until - from >= restMs;

const restMs = restMinutes * minuteMs;
const distanceMsMax = distanceMinutesMax * minuteMs;

/**
 * Of a meeting that touches a gap: `before` is from where the gap begins to where the meeting does,
 * `after` from the end of the meeting to that of the gap; negative where it goes over.
 */
export function outsideMs(lengthMs: number, before: number, after: number): number {
  const begun = before < 0 ? lengthMs + before : lengthMs;
  return after < 0 ? begun + after : begun;
}

export function distanceMs(before: number, after: number): number {
  const nearer = before < after ? before : after;
  if (nearer <= 0) return 0;
  return nearer < distanceMsMax ? nearer : distanceMsMax;
}

/** Of a gap that is a rest. */
export function restMissingMs(before: number, after: number): number {
  const longer = before > after ? before : after;
  if (longer >= restMs) return 0;
  return longer > 0 ? restMs - longer : restMs;
}

/** The gaps between stretches (start, end, start, end) with nothing known before and after them. */
export function gapsBetween(stretches: Float64Array): readonly Gap[] {
  const gaps: Gap[] = [];
  let from = -Infinity;
  for (let i = 0; i < stretches.length; i += 2) {
    gaps.push({ from, until: stretches[i]! });
    from = stretches[i + 1]!;
  }
  gaps.push({ from, until: Infinity });
  return gaps;
}
