/** A provider that fails again and again for everybody rests for a while, and the operators hear of it. */
import type { Database } from '../db/client.ts';
import { pauseChannel } from '../db/routes.ts';
import type { Instant } from '../domain/loop.ts';

export interface ProviderWatch {
  /** A send that the provider itself did not take. */
  failed(channel: string, code: string): Promise<void>;
  succeeded(channel: string): void;
}

export interface ProviderWatchParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly onPause: (paused: {
    readonly channel: string;
    readonly code: string;
    readonly until: Instant;
  }) => void;
}

/** So many in a row within this time are a burst. */
const burstFailures = 5;
const burstMs = 60_000;
const pauseMs = 300_000;

/** A 4xx answer is about one mail or one reader; ours to wait for is no fault of theirs. */
const isAboutOne = (code: string): boolean => /^45\d$/.test(code) || code === 'busy';

export function createProviderWatch({ db, clock, onPause }: ProviderWatchParts): ProviderWatch {
  const failures = new Map<string, Instant[]>();
  return {
    async failed(channel, code) {
      if (isAboutOne(code)) return;
      const now = clock.now();
      const recent = [...(failures.get(channel) ?? []), now].filter((at) => at > now - burstMs);
      failures.set(channel, recent);
      if (recent.length < burstFailures) return;
      failures.delete(channel);
      const until = now + pauseMs;
      await pauseChannel(db, { channel, until, at: now, reason: code });
      onPause({ channel, code, until });
    },
    succeeded: (channel) => void failures.delete(channel),
  };
}
