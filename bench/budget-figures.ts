/** Medians and their spread, as the pages of the benches tell them. */

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const middle = (values: readonly number[]): number =>
  sorted(values)[values.length >> 1] ?? Number.NaN;
export const spread = (values: readonly number[], digits = 0): string =>
  [middle(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toFixed(digits))
    .join(' | ');
export const ratios = (ours: readonly number[], theirs: readonly number[]): readonly number[] =>
  ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
/** Nothing measured reaches nothing. */
export const isReached = (values: readonly number[], least: number): boolean =>
  middle(values) >= least;
export const verdict = (values: readonly number[], least: number): string =>
  `asked for: ≥ ${least}, ${isReached(values, least) ? 'reached' : 'not reached'}`;
