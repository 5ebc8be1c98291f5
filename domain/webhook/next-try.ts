/** When a delivery that failed is tried again. */
import type { Instant } from '../loop.ts';

/** So long a delivery is tried again, and an endpoint may fail before it is turned off. */
export const failingMsMax = 3 * 24 * 3_600_000;
const firstWaitMs = 10_000;
const waitMsMax = 4 * 3_600_000;

interface FailedTry {
  /** Of this try. */
  readonly at: Instant;
  /** When the first try of this delivery failed. */
  readonly failingSince: Instant;
  /** Tries so far, this one included. */
  readonly attempts: number;
  /** That the receiver asked for. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1. */
  readonly chance: number;
}

/**
 * A random share of a wait that doubles ("full jitter"), so that deliveries which failed together do
 * not come back together. The last try is at the end of the three days; null after it.
 */
export function nextTry(failed: FailedTry): Instant | null {
  const { at, failingSince, attempts, retryAfterMs, chance } = failed;
  const lastAt = failingSince + failingMsMax;
  if (at >= lastAt) return null;
  const wait = Math.min(firstWaitMs * 2 ** (attempts - 1), waitMsMax);
  const jittered = Math.ceil(wait * chance);
  return Math.min(at + Math.max(jittered, retryAfterMs ?? 0), lastAt);
}
