/** So many requests in a row and so many a minute, for each person and for each address. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { boundedCache } from '../../domain/time/bounded-cache.ts';
import type { ApiEnvironment } from '../environment.ts';

export interface Rate {
  readonly burstMax: number;
  readonly perMinute: number;
}

/** Whole organisations share an address; a person is one. */
export const rates = {
  person: { burstMax: 120, perMinute: 600 },
  address: { burstMax: 1_000, perMinute: 6_000 },
} as const satisfies Record<string, Rate>;

/** More senders than this at once: those heard least recently start anew. */
const sendersMax = 20_000;

/** Seconds to wait before the next request of this sender is answered; 0 when it is answered now. */
export type Meter = (sender: string) => number;

/** A bucket of `burstMax`, filled steadily; a sender who is not heard of has a full one. */
export function createMeter({ burstMax, perMinute }: Rate, clock: { now(): Instant }): Meter {
  const buckets = boundedCache<{ readonly left: number; readonly at: Instant }>(sendersMax);
  const perMs = perMinute / 60_000;
  return (sender) => {
    const now = clock.now();
    const bucket = buckets.get(sender) ?? { left: burstMax, at: now };
    const left = Math.min(burstMax, bucket.left + (now - bucket.at) * perMs);
    const isAllowed = left >= 1;
    buckets.set(sender, { left: isAllowed ? left - 1 : left, at: now });
    return isAllowed ? 0 : Math.max(1, Math.ceil((1 - left) / perMs / 1_000));
  };
}

/** `of` names the sender; null when there is nobody to hold to a limit. */
export const limitRate =
  (
    meter: Meter,
    of: (c: Context<ApiEnvironment>) => string | null,
  ): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const sender = of(c);
    const seconds = sender === null ? 0 : meter(sender);
    if (seconds > 0) throw new Refusal(problem('request.limited', { seconds }));
    await next();
  };
