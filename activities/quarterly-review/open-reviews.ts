/** Once a quarter is over, its review is convened for each region and each partner’s team. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Database } from '../../db/client.ts';
import { convene, reviewed, reviewId } from '../../db/quarterly-reviews.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';
import { quarterAfter, quarterAt, rangeOf } from '../../domain/scorecard/quarter.ts';
import { dayMs } from '../../domain/time/zone.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'quarterlyReview';
/** A quarter that ended longer ago is not caught up with: its review would come beside the next one. */
export const catchUpDaysMax = 45;

export interface OpenQuartersParts extends OpenLoopParts {
  readonly db: Database;
}

/** Safe to repeat: the id of a review follows from its region, its team and its quarter. */
export const createOpenQuarters =
  (parts: OpenQuartersParts) => async (): Promise<{ readonly opened: number }> => {
    const { db, clock } = parts;
    const open = createOpenLoop(parts);
    const at = clock.now();
    let opened = 0;
    for (const { region, team, zone } of await reviewed(db)) {
      const quarter = quarterAfter(quarterAt(at, zone), -1);
      if (at - rangeOf(quarter, quarter, zone).until > catchUpDaysMax * dayMs) continue;
      const convened = await convene(db, { region, team, quarter }, at);
      if (!convened) continue;
      const command: ReviewCommand = { type: 'open', ...convened };
      await open({ loop, id: reviewId(convened), command }).then(() => opened++, ignoreRefused);
    }
    return { opened };
  };

/** Somebody has left meanwhile: the next run looks again. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError)) throw error;
}
