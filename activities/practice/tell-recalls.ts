/** Goes on with what is called back: tells those still to be told, and has somebody tell whom no message reached. */
import { tellRecalls } from '../../db/practice-recalls.ts';
import { followUnreached } from '../../db/practice-unreached.ts';
import type { Database } from '../../db/client.ts';
import type { Instant } from '../../domain/loop.ts';

export interface TellRecallsParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Each alone: neither holds up the other. */
export const createTellRecalls =
  ({ db, clock }: TellRecallsParts) =>
  async (): Promise<{ readonly told: number; readonly asked: number }> => {
    const now = clock.now();
    const [told, followed] = await Promise.allSettled([
      tellRecalls(db, now),
      followUnreached(db, now),
    ]);
    if (told.status === 'rejected') throw told.reason;
    if (followed.status === 'rejected') throw followed.reason;
    return { ...told.value, ...followed.value };
  };
