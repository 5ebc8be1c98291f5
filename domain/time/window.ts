/**
 * Two years of one calendar as instants. A moment is working when the wall clock then shows a
 * working time, so the instants are the preimage of the shifts: cut by the zone's constant-offset
 * segments, each piece moved by its own offset. Skipped and repeated hours need no case.
 */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { type Shifts, fillDays } from './shifts.ts';
import type { DayShifts } from './week-in-force.ts';
import { type Segment, dayMs, windowMs } from './zone.ts';

/**
 * `marks` has, for each interval, where it begins in whole seconds since `from` (every offset is
 * whole seconds), and the sum of the intervals before it, so that an interval ends where its sum and
 * the next say. One more carries the whole sum, and two that nothing reaches end every search.
 */
export interface Window {
  readonly from: Instant;
  readonly count: number;
  readonly marks: Int32Array;
  /** For each quarter of a day since `from`, the first interval that ends after it begins. */
  readonly hints: Uint16Array;
  readonly totalMs: number;
  readonly bytes: number;
}

export const second = 1_000;
const daySeconds = 86_400;
const windowDays = windowMs / dayMs;
/** Four a day: finer costs memory, coarser costs a look at more intervals. */
export const hintMs = dayMs / 4;
const hintSeconds = hintMs / second;
const hintsMax = windowMs / hintMs + 1;

export function buildWindow(shifts: Shifts, segments: readonly Segment[], from: Instant): Window {
  const count = preimage(wallIntervals(shifts, from), segments, from);
  const marks = new Int32Array(2 * (count + marksAfter));
  let sum = 0;
  for (let i = 0; i < count; i++) {
    marks[2 * i] = instantStarts[i]!;
    marks[2 * i + 1] = sum;
    sum += instantEnds[i]! - instantStarts[i]!;
  }
  for (let i = count; i < count + marksAfter; i++) {
    marks[2 * i] = neverReached;
    marks[2 * i + 1] = sum;
  }
  const hints = new Uint16Array(hintsMax);
  let hint = 0;
  for (let i = 0; i < count; i++) {
    const end = instantEnds[i]!;
    while (hint * hintSeconds < end) hints[hint++] = i;
  }
  hints.fill(count, hint);
  const bytes = marks.byteLength + hints.byteLength + overheadBytes;
  return { from, count, marks, hints, totalMs: sum * second, bytes };
}

const marksAfter = 3;
const neverReached = 2 ** 31 - 1;

/** Two typed arrays and the object itself, as measured. */
const overheadBytes = 600;

/**
 * Room to work in, used again for every window: 24 shifts a day and the pieces they are cut into.
 * Wall times are seconds since the window's first midnight, instants seconds since its start.
 */
const intervalsMax = 32_768;
const wallStarts = new Int32Array(intervalsMax);
const wallEnds = new Int32Array(intervalsMax);
const instantStarts = new Uint32Array(intervalsMax);
const instantEnds = new Uint32Array(intervalsMax);
/** What begins as long as two days before the window can reach into it, wherever the zone lies. */
const daysBefore = 3;
const daysAfter = 2;
const dayRoom: DayShifts[] = Array.from({ length: daysBefore + windowDays + daysAfter }, () => []);

/** How many there are; shifts that overlap are one. */
function wallIntervals(shifts: Shifts, from: Instant): number {
  fillDays(shifts, from / dayMs - daysBefore, dayRoom);
  let count = 0;
  let lastEnd = -(2 ** 31);
  for (let day = 0; day < dayRoom.length; day++) {
    const list = dayRoom[day]!;
    const midnight = (day - daysBefore) * daySeconds;
    for (let i = 0; i < list.length; i++) {
      const shift = list[i]!;
      const closes = midnight + shift[1] * 60;
      if (closes <= lastEnd) continue;
      const opens = midnight + shift[0] * 60;
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
