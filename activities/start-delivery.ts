/** Hands messages to Temporal, which wakes each at its hour; what this misses the sweep finds. */
import { ActivityExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Database } from '../db/client.ts';
import { markStarted, noticesById, unstartedNotices, type UnstartedNotice } from '../db/notices.ts';
import type { NoticeId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { attemptsMax, leaseMs } from '../domain/notice/tries.ts';

export interface DeliveryParts {
  readonly db: Database;
  readonly client: Client;
  readonly taskQueue: string;
  readonly clock: { now(): Instant };
  /** Messages further ahead wait for a later sweep. */
  readonly horizonMs: number;
}

/** Twelve sweeps: what is settled before its hour has then cost Temporal nothing. */
export const deliveryHorizonMs = 3_600_000;
/** Longer than the lease: when Temporal tries again, the claim of who died has run out. */
const sendTimeoutMs = leaseMs + 5_000;
const sweepBatchMax = 500;
/** Ten thousand messages a sweep: more wait for the next one. */
const sweepBatchesMax = 20;
const startsAtOnceMax = 20;
/** Clocks differ: whoever wakes by one that is behind would find the message not due yet. */
const clockDifferenceMs = 1_000;

export const createStartDeliveries = (parts: DeliveryParts) => {
  const { db, clock, horizonMs } = parts;
  return async (notices: readonly UnstartedNotice[]): Promise<void> => {
    const now = clock.now();
    const near = notices.filter(({ sendAt }) => sendAt <= now + horizonMs);
    for (let first = 0; first < near.length; first += startsAtOnceMax) {
      const some = near.slice(first, first + startsAtOnceMax);
      const answers = await Promise.allSettled(some.map((notice) => start(parts, notice, now)));
      const started = some.filter((_, index) => answers[index]?.status === 'fulfilled');
      if (started.length > 0) await markStarted(db, started);
      const failed = answers.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    }
  };
};

/** After a commit. A start that fails never fails the step it follows: the sweep is the net. */
export const createDeliverSoon = (parts: DeliveryParts) => {
  const startDeliveries = createStartDeliveries(parts);
  return (ids: readonly NoticeId[]): void => {
    if (ids.length === 0) return;
    void noticesById(parts.db, ids)
      .then(startDeliveries)
      .catch(() => undefined);
  };
};

async function start(
  { client, taskQueue }: DeliveryParts,
  { id, revision, sendAt }: UnstartedNotice,
  now: Instant,
): Promise<void> {
  try {
    await client.activity.start('deliverNotice', {
      id: `${id}:${revision}`,
      taskQueue,
      args: [{ noticeId: id, revision }],
      startToCloseTimeout: sendTimeoutMs,
      startDelay: sendAt > now ? sendAt - now + clockDifferenceMs : 0,
      // The claim makes one message one; a try that came too early may be followed by another.
      idReusePolicy: 'ALLOW_DUPLICATE',
      retry: {
        initialInterval: 2_000,
        maximumInterval: 3_600_000,
        maximumAttempts: attemptsMax,
      },
    });
  } catch (error) {
    if (!(error instanceof ActivityExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts what a crash left unstarted; returns how many. */
export const createSweepNotices = (parts: DeliveryParts) => {
  const startDeliveries = createStartDeliveries(parts);
  return async (): Promise<{ readonly started: number }> => {
    const { clock, db, horizonMs } = parts;
    const seen = new Set<NoticeId>();
    for (let batch = 0; batch < sweepBatchesMax; batch++) {
      const found = await unstartedNotices(db, {
        now: clock.now(),
        horizonMs,
        limit: sweepBatchMax,
      });
      // What was started again stays overdue until it is sent: once a sweep is enough.
      const fresh = found.filter(({ id }) => !seen.has(id));
      await startDeliveries(fresh);
      for (const { id } of fresh) seen.add(id);
      if (fresh.length < sweepBatchMax) break;
    }
    return { started: seen.size };
  };
};
