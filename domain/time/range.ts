import type { Instant } from '../loop.ts';

/** Half-open. */
export interface Range {
  readonly from: Instant;
  readonly until: Instant;
}
