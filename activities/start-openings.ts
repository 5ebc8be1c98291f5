/** Begins the loops that steps of other loops asked for; what a crash left unbegun the sweep finds. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Database } from '../db/client.ts';
import { settleOpening, waitingOpenings } from '../db/openings.ts';
import type { LoopId } from '../domain/id.ts';
import { createOpenLoop, type OpenLoopParts } from './open-loop.ts';

/** In one sweep; more wait for the next one. */
const openingsPerSweepMax = 500;

export interface StartOpeningsParts extends OpenLoopParts {
  readonly db: Database;
}

/** Of `ids` alone where they are given. A refusal is kept with the opening, and not tried again. */
export const createStartOpenings = (parts: StartOpeningsParts) => {
  const { db, clock } = parts;
  const open = createOpenLoop(parts);
  return async (ids?: readonly LoopId[]): Promise<{ readonly opened: number }> => {
    const waiting = await waitingOpenings(db, { ids, limit: openingsPerSweepMax });
    const failures: unknown[] = [];
    let opened = 0;
    for (const opening of waiting) {
      try {
        const refused = await open(opening).then(() => null, refusalOf);
        await settleOpening(db, { id: opening.id, at: clock.now(), refused });
        if (refused === null) opened++;
      } catch (error) {
        failures.push(error); // the others are begun all the same
      }
    }
    if (failures.length > 0) throw failures[0];
    return { opened };
  };
};

function refusalOf(error: unknown): string {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  throw error;
}
