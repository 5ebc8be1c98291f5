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

/** How many intervals lie at least partly in [from, until); never too few. */
export const intervalsWithin = (window: Window, from: number, until: number): number =>
  (until >= windowMs ? window.count : Math.min(indexAt(window, until) + 1, window.count)) -
  indexAt(window, from);

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
  const { starts, ends, from: origin } = window;
  const begin = indexAt(window, from);
  const end = begin + intervalsWithin(window, from, until);
  let at = next;
  for (let i = begin; i < end; i++) {
    into[at] = origin + starts[i]! * second;
    into[at + 1] = origin + ends[i]! * second;
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
