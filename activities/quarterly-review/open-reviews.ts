/** Once a quarter is over, its review is convened for each region and each partner’s team. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Database } from '../../db/client.ts';
import { convene, convenedAmong, reviewed, reviewId } from '../../db/quarterly-reviews.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';
import { quarterAfter, quarterAt, rangeOf } from '../../domain/scorecard/quarter.ts';
import { dayMs } from '../../domain/time/zone.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'quarterlyReview';
/** A quarter that ended longer ago is not caught up with: its review would come beside the next one. */
export const catchUpDaysMax = 45;

interface Opened {
  readonly opened: number;
  /** Of which there is none yet: nobody manages the region, or no hour was found. */
  readonly waiting: number;
}

export interface OpenQuartersParts extends OpenLoopParts {
  readonly db: Database;
}

/** Safe to repeat: the id of a review follows from its region, its team and its quarter. */
export const createOpenQuarters = (parts: OpenQuartersParts) => async (): Promise<Opened> => {
  const { db, clock } = parts;
  const open = createOpenLoop(parts);
  const at = clock.now();
  const due = (await reviewed(db)).flatMap(({ region, team, zone }) => {
    const quarter = quarterAfter(quarterAt(at, zone), -1);
    const isLate = at - rangeOf(quarter, quarter, zone).until > catchUpDaysMax * dayMs;
    return isLate ? [] : [{ region, team, quarter }];
  });
  const begun = await convenedAmong(db, due.map(reviewId));
  let [opened, waiting] = [0, 0];
  for (const of of due) {
    if (begun.has(reviewId(of))) continue;
    const convened = await convene(db, of, at);
    const command: ReviewCommand | null = convened && { type: 'open', ...convened };
    const isOpen = command && (await isOpened(open({ loop, id: reviewId(of), command })));
    if (isOpen) opened++;
    else waiting++;
  }
  return { opened, waiting };
};

/** Somebody has left meanwhile: the next look finds who follows. */
const isOpened = (opening: Promise<void>): Promise<boolean> =>
  opening.then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      return false;
    },
  );
