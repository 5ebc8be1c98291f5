/** How evenly something is spread over people. */
import { assert } from '../assert.ts';

export interface Distribution {
  readonly total: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  /** Of the total, that of whoever has most, from 0 to 1; null where the total is 0. */
  readonly largestShare: number | null;
}

/** Of at least one person; whoever has nothing counts with 0. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return {
    total,
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    largestShare: total > 0 ? (sorted.at(-1) ?? 0) / total : null,
  };
}

/**
 * Of sorted values, between the two nearest in proportion: type 7 of Hyndman & Fan (1996), which is
 * also `percentile_cont` of Postgres.
 */
export function quantile(sorted: readonly number[], share: number): number {
  assert(sorted.length > 0, 'a quantile is of something');
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
