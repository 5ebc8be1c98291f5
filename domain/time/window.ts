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
  /** For each quarter of a day since `from`, the first interval that ends after it begins. */
  readonly hints: Uint16Array;
  readonly totalMs: number;
  readonly bytes: number;
}

const second = 1_000;
const daySeconds = 86_400;
const windowDays = windowMs / dayMs;
/** Four a day: finer costs memory, coarser costs a look at more intervals. */
const hintMs = dayMs / 4;
const hintsMax = windowMs / hintMs + 1;

export function buildWindow(shifts: Shifts, segments: readonly Segment[], from: Instant): Window {
  const count = preimage(wallIntervals(shifts, from), segments, from);
  const starts = instantStarts.slice(0, count);
  const ends = instantEnds.slice(0, count);
  const sums = new Uint32Array(count + 1);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += ends[i]! - starts[i]!;
    sums[i + 1] = sum;
  }
  const hints = new Uint16Array(hintsMax);
  for (let hint = 0, i = 0; hint < hintsMax; hint++) {
    while (i < count && ends[i]! <= (hint * hintMs) / second) i++;
    hints[hint] = i;
  }
  const bytes = (3 * count + 1) * 4 + hints.byteLength + overheadBytes;
  return { from, count, starts, ends, sums, hints, totalMs: sum * second, bytes };
}

/** Four typed arrays and the object itself, as measured. */
const overheadBytes = 1_000;

/**
 * Room to work in, used again for every window: 24 shifts a day and the pieces they are cut into.
 * Wall times are seconds since the window's first midnight, instants seconds since its start.
 */
const intervalsMax = 32_768;
const wallStarts = new Int32Array(intervalsMax);
const wallEnds = new Int32Array(intervalsMax);
const instantStarts = new Uint32Array(intervalsMax);
const instantEnds = new Uint32Array(intervalsMax);

/** How many there are; shifts that overlap are one. */
function wallIntervals(shifts: Shifts, from: Instant): number {
  const fromDay = from / dayMs;
  let count = 0;
  let lastEnd = -Infinity;
  for (let day = -3; day < windowDays + 2; day++) {
    const list = shiftsOn(shifts, fromDay + day);
    for (let i = 0; i < list.length; i++) {
      const shift = list[i]!;
      const closes = day * daySeconds + shift[1] * 60;
      if (closes <= lastEnd) continue;
      const opens = day * daySeconds + shift[0] * 60;
      if (opens > lastEnd) wallStarts[count++] = opens;
      wallEnds[count - 1] = closes;
      lastEnd = closes;
    }
  }
  return count;
}

/** How many there are; pieces that meet where two segments do are one. */
function preimage(wallCount: number, segments: readonly Segment[], from: Instant): number {
  let count = 0;
  let first = 0;
  let lastEnd = -1;
  for (const segment of segments) {
    const offset = seconds(segment.offsetMs);
    const opens = seconds(segment.from - from) + offset;
    const closes = seconds(segment.until - from) + offset;
    // Where the clock goes back, shifts already seen are met again.
    while (first > 0 && wallEnds[first - 1]! > opens) first--;
    while (first < wallCount && wallEnds[first]! <= opens) first++;
    for (let i = first; i < wallCount && wallStarts[i]! < closes; i++) {
      const start = Math.max(wallStarts[i]!, opens) - offset;
      const end = Math.min(wallEnds[i]!, closes) - offset;
      if (start !== lastEnd) instantStarts[count++] = start;
      instantEnds[count - 1] = end;
      lastEnd = end;
    }
  }
  assert(count <= intervalsMax, 'the shifts of a window fit into the room for them');
  return count;
}

function seconds(ms: number): number {
  assert(ms % second === 0, 'offsets and their changes are whole seconds');
  return ms / second;
}

/**
 * A hair more than 1/n: multiplying is much faster than dividing, and whole multiples of n never
 * come out below themselves. One millisecond is ten thousand times further off than the hair.
 */
const hair = 1 + 2 ** -50;
const perSecond = hair / second;
const perHint = hair / hintMs;

/** The first interval that ends after `ms`, counted from the start of the window. */
function indexAt(window: Window, ms: number): number {
  const { ends, count } = window;
  const seconds = ms * perSecond;
  let i = window.hints[(ms * perHint) | 0]!;
  while (i < count && ends[i]! <= seconds) i++;
  return i;
}

/** `ms` from 0 to below the length of the window, here and below. */
export function isWorkingIn(window: Window, ms: number): boolean {
  const i = indexAt(window, ms);
  return i < window.count && window.starts[i]! <= ms * perSecond;
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
  let i = near >= windowMs ? window.count - 1 : window.hints[(near * perHint) | 0]!;
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
