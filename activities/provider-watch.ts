/** A provider that fails again and again for everybody rests for a while, and the operators hear of it. */
import type { Database } from '../db/client.ts';
import { reviveDeadLetters } from '../db/dead-letters.ts';
import { pauseChannel } from '../db/routes.ts';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';

export interface ProviderFailure {
  readonly channel: string;
  readonly code: string;
  readonly reader: PersonId;
}

export interface ProviderWatch {
  /** A send that the provider itself did not take. */
  failed(failure: ProviderFailure): Promise<void>;
  /**
   * One that it refused for good, and not for its address. True when it refuses everybody: then this
   * message waits, and so do those before it that were given up for that.
   */
  refused(refusal: ProviderFailure & { readonly notice: NoticeId }): Promise<boolean>;
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
/** To so many readers in a row, with nobody's message taken between: the refusals are about us. */
const readersMin = 3;
const refusalsMs = 3_600_000;
const refusalsKeptMax = 50;
const pauseMs = 300_000;

/** A 4xx answer is about one mail or one reader; ours to wait for is no fault of theirs. */
const isAboutOne = (code: string): boolean => /^45\d$/.test(code) || code === 'busy';

/** All mail leaves by one server of ours, while each chat's address may lead to a machine of its reader's. */
const readersOfBurst = (channel: string): number => (channel === 'email' ? 1 : readersMin);

const readersIn = (found: readonly { readonly reader: PersonId }[]): number =>
  new Set(found.map(({ reader }) => reader)).size;

interface Refusal {
  readonly at: Instant;
  readonly reader: PersonId;
  readonly notice: NoticeId;
}

export function createProviderWatch({ db, clock, onPause }: ProviderWatchParts): ProviderWatch {
  const failures = new Map<
    string,
    readonly { readonly at: Instant; readonly reader: PersonId }[]
  >();
  const refusals = new Map<string, readonly Refusal[]>();
  const pause = async (channel: string, code: string): Promise<Instant> => {
    const now = clock.now();
    const until = now + pauseMs;
    await pauseChannel(db, { channel, until, at: now, reason: code });
    onPause({ channel, code, until });
    return until;
  };
  return {
    async failed({ channel, code, reader }) {
      if (isAboutOne(code)) return;
      const at = clock.now();
      const before = (failures.get(channel) ?? []).filter((one) => one.at > at - burstMs);
      const recent = [...before, { at, reader }].slice(-refusalsKeptMax);
      failures.set(channel, recent);
      if (recent.length < burstFailures || readersIn(recent) < readersOfBurst(channel)) return;
      failures.delete(channel);
      await pause(channel, code);
    },
    async refused({ channel, code, reader, notice }) {
      const at = clock.now();
      const before = (refusals.get(channel) ?? []).filter((one) => one.at > at - refusalsMs);
      const recent = [...before, { at, reader, notice }].slice(-refusalsKeptMax);
      refusals.set(channel, recent);
      if (readersIn(recent) < readersMin) return false;
      refusals.delete(channel);
      const until = await pause(channel, code);
      const given = recent.map((one) => one.notice).filter((id) => id !== notice);
      await reviveDeadLetters(db, { ids: given, channel, at, until });
      return true;
    },
    succeeded(channel) {
      failures.delete(channel);
      refusals.delete(channel);
    },
  };
}
