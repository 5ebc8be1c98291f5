/** Half-open stretches of time, in order and apart. */
import type { Instant } from '../loop.ts';
import type { Range } from '../time/range.ts';

/** The parts of one range that none of the others fills; the others in any order, may overlap. */
export function left(range: Range, filled: readonly Range[]): readonly Range[] {
  const parts: Range[] = [];
  let from = range.from;
  for (const next of filled.toSorted((a, b) => a.from - b.from)) {
    if (next.from >= range.until) break;
    if (next.from > from) parts.push({ from, until: next.from });
    from = Math.max(from, next.until);
  }
  if (from < range.until) parts.push({ from, until: range.until });
  return parts;
}

/** Of what is written as start, end, start, end: the parts that lie in the range. */
export function within(stretches: Float64Array, { from, until }: Range): readonly Range[] {
  const parts: Range[] = [];
  for (let i = firstEndingAfter(stretches, from); i < stretches.length; i += 2) {
    const [start = 0, end = 0] = [stretches[i], stretches[i + 1]];
    if (start >= until) break;
    parts.push({ from: Math.max(start, from), until: Math.min(end, until) });
  }
  return parts;
}

export const total = (stretches: readonly Range[]): number =>
  stretches.reduce((sum, { from, until }) => sum + until - from, 0);

/** Index of the first stretch that ends after `at`. */
function firstEndingAfter(stretches: Float64Array, at: Instant): number {
  let [low, high] = [0, stretches.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[2 * middle + 1] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}
