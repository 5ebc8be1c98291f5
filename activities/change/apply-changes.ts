/** Makes the changes whose day has come, the earliest first, and mends what owners left; run by the maintenance. */
import { applyChange } from '../../db/apply-change.ts';
import { dueChanges } from '../../db/changes.ts';
import type { Database } from '../../db/client.ts';
import { sweepLeft } from '../../db/left-accounts.ts';
import type { Instant } from '../../domain/loop.ts';

export interface ApplyChangesParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

export interface AppliedChanges {
  readonly applied: number;
  readonly refused: number;
}

/** Safe to repeat and to run twice at once: each is settled by one transaction, or left as it was. */
export const createApplyChanges =
  ({ db, clock }: ApplyChangesParts) =>
  async (): Promise<AppliedChanges> => {
    const counts = { applied: 0, refused: 0 };
    const failed: unknown[] = [];
    for (const id of await dueChanges(db, clock.now())) {
      try {
        const outcome = await applyChange(db, { id, at: clock.now() });
        if (outcome !== null) counts[outcome]++;
      } catch (error) {
        failed.push(error); // one that fails keeps no other from its day
      }
    }
    await sweepLeft(db, clock.now()).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
    return counts;
  };
