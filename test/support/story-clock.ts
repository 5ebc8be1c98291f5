import type { Instant } from '../../domain/loop.ts';

/** The time of a test's story: it moves only when the test says so, and never backwards. */
export interface StoryClock {
  now(): Instant;
  moveTo(at: Instant): void;
}

export function storyClock(startsAt: Instant): StoryClock {
  let now = startsAt;
  return {
    now: () => now,
    moveTo(at) {
      now = Math.max(now, at);
    },
  };
}

const dayMs = 86_400_000;

/** Monday 00:00 UTC of next week: later than the real clock, which workflows never run behind. */
export function nextMonday(from: Instant = Date.now()): Instant {
  const today = Math.floor(from / dayMs);
  const weekday = (today + 3) % 7; // 0 is Monday
  return (today - weekday + 7) * dayMs;
}
