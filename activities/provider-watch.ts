/** A provider that fails again and again for everybody rests for a while, and the operators hear of it. */
import type { Database } from '../db/client.ts';
import { reviveDeadLetters } from '../db/dead-letters.ts';
import { type FailureKind, noteFailure, pauseChannel } from '../db/provider-failures.ts';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import {
  burstMs,
  isBurst,
  isOfProvider,
  refusalsMs,
  refusesEverybody,
} from '../domain/notice/burst.ts';

export interface NotTaken {
  readonly channel: string;
  readonly code: string;
  readonly reader: PersonId;
  readonly notice: NoticeId;
}

/** Counted in Postgres, by all workers together, one statement each; what is taken ends the row as it is settled. */
export interface ProviderWatch {
  /** A send that the provider itself did not take. */
  failed(failure: NotTaken): Promise<void>;
  /**
   * One that it refused for good, and not for its address. True when it refuses everybody: then this
   * message waits, and so do those before it that were given up for that.
   */
  refused(refusal: NotTaken): Promise<boolean>;
}

export interface ProviderWatchParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  /** Once for each rest, by whichever worker finds it first. */
  readonly onPause: (paused: {
    readonly channel: string;
    readonly code: string;
    readonly until: Instant;
  }) => void;
}

const pauseMs = 300_000;

const restOf = ({ channel, code }: NotTaken, kind: FailureKind, at: Instant) =>
  ({ channel, kind, until: at + pauseMs, at, reason: code }) as const;

export function createProviderWatch({ db, clock, onPause }: ProviderWatchParts): ProviderWatch {
  return {
    async failed(failure) {
      if (!isOfProvider(failure)) return;
      const { channel, code } = failure;
      const at = clock.now();
      const noted = { ...failure, at, kind: 'failed', since: at - burstMs } as const;
      const failures = await noteFailure(db, noted);
      if (!isBurst(channel, failures)) return;
      const rest = restOf(failure, 'failed', at);
      if (await pauseChannel(db, rest)) onPause({ channel, code, until: rest.until });
    },
    async refused(refusal) {
      const { channel, code, notice } = refusal;
      const at = clock.now();
      const noted = { ...refusal, at, kind: 'refused', since: at - refusalsMs } as const;
      const refusals = await noteFailure(db, noted);
      if (!refusesEverybody(channel, refusals)) return false;
      const rest = restOf(refusal, 'refused', at);
      const { until } = rest;
      const ids = refusals.map((one) => one.notice).filter((id) => id !== notice);
      // In one: what was counted is forgotten only with what it revives.
      const isNew = await db.transaction().execute(async (tx) => {
        await reviveDeadLetters(tx, { ids, channel, at, until });
        return pauseChannel(tx, rest);
      });
      if (isNew) onPause({ channel, code, until });
      return true;
    },
  };
}
