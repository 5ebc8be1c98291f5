/**
 * Two years of one calendar as instants. A moment is working when the wall clock then shows a
 * working time, so the instants are the preimage of the shifts: cut by the zone's constant-offset
 * segments, each piece moved by its own offset. Skipped and repeated hours need no case.
 */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { type Shifts, shiftsOn } from './shifts.ts';
import { type Segment, dayMs, windowMs } from './zone.ts';

/** Whole seconds since `from`: half the memory of instants, and every offset is whole seconds. */
export interface Window {
  readonly from: Instant;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** `sums[i]` is what the intervals before `i` add up to; one more than there are intervals. */
  readonly sums: Uint32Array;
  /** For each day since `from`, the first interval that ends after the day begins. */
  readonly hints: Uint16Array;
  readonly totalMs: number;
  readonly bytes: number;
}

const second = 1_000;
const daySeconds = 86_400;
const windowDays = windowMs / dayMs;

export function buildWindow(shifts: Shifts, segments: readonly Segment[], from: Instant): Window {
  const { starts, ends } = preimage(wallIntervals(shifts, from), segments, from);
  const count = starts.length;
  const sums = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i]! + ends[i]! - starts[i]!;
  const hints = new Uint16Array(windowDays + 1);
  for (let day = 0, i = 0; day <= windowDays; day++) {
    while (i < count && ends[i]! <= day * daySeconds) i++;
    hints[day] = i;
  }
  return {
    from,
    count,
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    sums,
    hints,
    totalMs: sums[count]! * second,
    bytes: (3 * count + 1) * 4 + hints.byteLength + overheadBytes,
  };
}

/** Four typed arrays and the object itself, as measured. */
const overheadBytes = 1_000;

/** Parallel lists: two numbers an interval, without an object for each. */
interface Intervals {
  readonly starts: number[];
  readonly ends: number[];
}

/** Shifts in seconds of wall time since `from`; those that touch or overlap are one. */
function wallIntervals(shifts: Shifts, from: Instant): Intervals {
  const starts: number[] = [];
  const ends: number[] = [];
  const fromDay = from / dayMs;
  let lastEnd = -Infinity;
  for (let day = -3; day < windowDays + 2; day++) {
    for (const [start, end] of shiftsOn(shifts, fromDay + day)) {
      const opens = day * daySeconds + start * 60;
      const closes = day * daySeconds + end * 60;
      if (opens > lastEnd) {
        starts.push(opens);
        ends.push(closes);
        lastEnd = closes;
      } else if (closes > lastEnd) {
        ends[ends.length - 1] = closes;
        lastEnd = closes;
      }
    }
  }
  return { starts, ends };
}

function preimage(wall: Intervals, segments: readonly Segment[], from: Instant): Intervals {
  const starts: number[] = [];
  const ends: number[] = [];
  const count = wall.starts.length;
  let first = 0;
  let lastEnd = -1;
  for (const segment of segments) {
    const offset = seconds(segment.offsetMs);
    const opens = seconds(segment.from - from) + offset;
    const closes = seconds(segment.until - from) + offset;
    // Where the clock goes back, shifts already seen are met again.
    while (first > 0 && wall.ends[first - 1]! > opens) first--;
    while (first < count && wall.ends[first]! <= opens) first++;
    for (let i = first; i < count && wall.starts[i]! < closes; i++) {
      const start = Math.max(wall.starts[i]!, opens) - offset;
      const end = Math.min(wall.ends[i]!, closes) - offset;
      if (start === lastEnd) ends[ends.length - 1] = end;
      else {
        starts.push(start);
        ends.push(end);
      }
      lastEnd = end;
    }
  }
  return { starts, ends };
}

function seconds(ms: number): number {
  assert(ms % second === 0, 'offsets and their changes are whole seconds');
  return ms / second;
}

/** The first interval that ends after `ms`, counted from the start of the window. */
function indexAt(window: Window, ms: number): number {
  const { ends, count } = window;
  const whole = Math.floor(ms / second);
  let i = window.hints[(ms / dayMs) | 0]!;
  while (i < count && ends[i]! <= whole) i++;
  return i;
}

/** `ms` from 0 to below the length of the window, here and below. */
export function isWorkingIn(window: Window, ms: number): boolean {
  const i = indexAt(window, ms);
  return i < window.count && window.starts[i]! * second <= ms;
}

/** In place of milliseconds since the start of a window. */
export const nothingFound = -1;

/** `nothingFound` when nothing is worked from there to the end of the window. */
export function nextIn(window: Window, ms: number): number {
  const i = indexAt(window, ms);
  return i < window.count ? Math.max(ms, window.starts[i]! * second) : nothingFound;
}

/** The latest moment up to `ms` just before which work was done, if any. */
export function previousIn(window: Window, ms: number): number {
  const i = ms >= windowMs ? window.count : indexAt(window, ms);
  if (i < window.count && window.starts[i]! * second < ms) return ms;
  return i > 0 ? window.ends[i - 1]! * second : nothingFound;
}

/** Milliseconds worked from the start of the window until `ms`. */
export function workedUntil(window: Window, ms: number): number {
  const i = indexAt(window, ms);
  const sum = window.sums[i]! * second;
  if (i >= window.count) return sum;
  const start = window.starts[i]! * second;
  return start < ms ? sum + ms - start : sum;
}

/** The earliest moment by which `workedMs` > 0 have been worked since the start of the window. */
export function momentWorked(window: Window, workedMs: number, near: number): number {
  const { sums } = window;
  let i = near >= windowMs ? window.count - 1 : window.hints[(near / dayMs) | 0]!;
  let step = 1;
  let high = i;
  while (high < window.count && sums[high + 1]! * second < workedMs) {
    i = high + 1;
    high += step;
    step *= 2;
  }
  if (high >= window.count) high = window.count - 1;
  while (i < high) {
    const middle = (i + high) >>> 1;
    if (sums[middle + 1]! * second >= workedMs) high = middle;
    else i = middle + 1;
  }
  return window.starts[i]! * second + workedMs - sums[i]! * second;
}

/** The latest moment until which `workedMs` < total have been worked since the start of the window. */
export function lastMomentWorked(window: Window, workedMs: number): number {
  const { sums } = window;
  let low = 0;
  let high = window.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (sums[middle]! * second <= workedMs) low = middle;
    else high = middle - 1;
  }
  return window.starts[low]! * second + workedMs - sums[low]! * second;
}
