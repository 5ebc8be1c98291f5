/** How many messages a person is sent on one channel. What cannot wait is never held back, but counts. */
import type { Instant } from '../loop.ts';

interface Limit {
  readonly reason: 'limit_minute' | 'limit_hour';
  readonly windowMs: number;
  readonly messagesMax: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const anHour = (messagesMax: number): Limit => ({
  reason: 'limit_hour',
  windowMs: hourMs,
  messagesMax,
});

const limits: Readonly<Record<string, readonly Limit[]>> = {
  email: [{ reason: 'limit_minute', windowMs: minuteMs, messagesMax: 1 }, anHour(20)],
  slack: [anHour(30)],
  teams: [anHour(30)],
};
/** The longest window: what lies further back counts no more. */
export const limitWindowMs = hourMs;

export interface Held {
  readonly sendAt: Instant;
  readonly reason: Limit['reason'];
}

/**
 * The first instant at which one more may go out, given when the others did, in any order; null when
 * that is `now`. Of two limits the one that holds longer is named.
 */
export function heldByLimits(
  channel: string,
  sentAt: readonly Instant[],
  now: Instant,
): Held | null {
  const latestFirst = sentAt.toSorted((a, b) => b - a);
  let held: Held | null = null;
  for (const { reason, windowMs, messagesMax } of limits[channel] ?? []) {
    const oldest = latestFirst[messagesMax - 1];
    if (oldest === undefined || oldest + windowMs <= now) continue;
    if (held === null || oldest + windowMs > held.sendAt) {
      held = { sendAt: oldest + windowMs, reason };
    }
  }
  return held;
}
