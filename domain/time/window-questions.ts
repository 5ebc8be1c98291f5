/** Questions about one window, in milliseconds since its start. */
import { type Window, hintMs, second } from './window.ts';
import { windowMs } from './zone.ts';

/**
 * A hair more than 1/n: multiplying is much faster than dividing, and whole multiples of n never
 * come out below themselves. One millisecond is ten thousand times further off than the hair.
 */
const hair = 1 + 2 ** -50;
const perSecond = hair / second;
const perHint = hair / hintMs;

/**
 * Where the marks of the first interval are that ends after `ms`: at twice its index. This and all
 * that is asked often stays small enough for the runtime to put it into its callers.
 */
function markAt(window: Window, ms: number): number {
  const { marks } = window;
  const seconds = (ms * perSecond) | 0;
  let i = window.hints[(ms * perHint) | 0]! << 1;
  while (((marks[i]! + marks[i + 3]! - marks[i + 1]!) | 0) <= seconds) i = (i + 2) | 0;
  return i;
}

/** Where the interval with those marks ends, in seconds. */
const endOf = (marks: Int32Array, i: number): number => marks[i]! + marks[i + 3]! - marks[i + 1]!;

/** `ms` from 0 to below the length of the window, here and below. */
export const isWorkingIn = (window: Window, ms: number): boolean =>
  window.marks[markAt(window, ms)]! * second <= ms;

/** In place of milliseconds since the start of a window. */
export const nothingFound = -1;

/** `nothingFound` when nothing is worked from there to the end of the window. */
export function nextIn(window: Window, ms: number): number {
  const i = markAt(window, ms);
  if (i >= 2 * window.count) return nothingFound;
  const start = window.marks[i]! * second;
  return start > ms ? start : ms;
}

/** The latest moment up to `ms` just before which work was done, if any. */
export function previousIn(window: Window, ms: number): number {
  const { marks, count } = window;
  const i = ms >= windowMs ? 2 * count : markAt(window, ms);
  if (i < 2 * count && marks[i]! * second < ms) return ms;
  return i > 0 ? endOf(marks, i - 2) * second : nothingFound;
}

/** Milliseconds worked from the start of the window until `ms`. */
export function workedUntil(window: Window, ms: number): number {
  const { marks } = window;
  const i = markAt(window, ms);
  const worked = ms - marks[i]! * second;
  return marks[i + 1]! * second + (worked > 0 ? worked : 0);
}

/** The earliest moment by which `workedMs` > 0 have been worked since the start of the window. */
export function momentWorked(window: Window, workedMs: number, near: number): number {
  const { marks } = window;
  const last = 2 * (window.count - 1);
  let i = near >= windowMs ? last : 2 * window.hints[(near * perHint) | 0]!;
  let step = 2;
  let high = i;
  while (high < last && marks[high + 3]! * second < workedMs) {
    i = high + 2;
    high += step;
    step *= 2;
  }
  if (high > last) high = last;
  while (i < high) {
    const middle = ((i + high) >>> 2) << 1;
    if (marks[middle + 3]! * second >= workedMs) high = middle;
    else i = middle + 2;
  }
  return (marks[i]! - marks[i + 1]!) * second + workedMs;
}

/** The latest moment, not after `near`, until which `workedMs` < total have been worked. */
export function lastMomentWorked(window: Window, workedMs: number, near: number): number {
  const { marks } = window;
  let high = near >= windowMs ? 2 * (window.count - 1) : markAt(window, near);
  let low = high;
  let step = 2;
  while (low > 0 && marks[low + 1]! * second > workedMs) {
    high = low - 2;
    low -= step;
    step *= 2;
  }
  if (low < 0) low = 0;
  while (low < high) {
    const middle = ((low + high + 2) >>> 2) << 1;
    if (marks[middle + 1]! * second <= workedMs) low = middle;
    else high = middle - 2;
  }
  return (marks[low]! - marks[low + 1]!) * second + workedMs;
}

/** How many intervals lie at least partly in [from, until), or one more. */
export function intervalsWithin(window: Window, from: number, until: number): number {
  const end = until >= windowMs ? 2 * window.count : markAt(window, until) + 2;
  return (Math.min(end, 2 * window.count) - markAt(window, from)) / 2;
}

interface Written {
  readonly into: Float64Array;
  /** Where the first number went, and where the next one goes. */
  readonly first: number;
  readonly next: number;
}

/**
 * Writes the intervals within [from, until) as instants: start, end, start, end. One that meets the
 * end before it is joined to it. Returns where the next number would go.
 */
export function writeIntervals(
  window: Window,
  [from, until]: readonly [number, number],
  { into, first, next }: Written,
): number {
  const { marks, from: origin } = window;
  const begin = markAt(window, from);
  const end = begin + 2 * intervalsWithin(window, from, until);
  let at = next;
  for (let i = begin; i < end; i += 2) {
    into[at] = origin + marks[i]! * second;
    into[at + 1] = origin + endOf(marks, i) * second;
    at += 2;
  }
  if (at > next && into[at - 2]! >= origin + until) at -= 2;
  if (at === next) return at;
  into[next] = Math.max(into[next]!, origin + from);
  into[at - 1] = Math.min(into[at - 1]!, origin + until);
  if (next === first || into[next - 1] !== into[next]) return at;
  into.copyWithin(next - 1, next + 1, at);
  return at - 2;
}
