/** Three weeks before a provisional holiday the region's manager is asked; what settles it ends that. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../../db/client.ts';
import { derivedId } from '../../db/derived-id.ts';
import {
  answeredElsewhere,
  unreviewedHolidays,
  type UnreviewedHoliday,
} from '../../db/holiday-reviews.ts';
import { present } from '../../domain/assert.ts';
import type { HolidayReviewCommand } from '../../domain/holiday-review/state.ts';
import type { LoopId } from '../../domain/id.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { createOpenLoop, type OpenLoopParts, type Opening } from '../open-loop.ts';

const loop = 'holidayReview';
const dayMs = 86_400_000;
const daysAhead = 21;
/** Five days of work, in the working time of the one asked. */
const allowanceMinutes = 2_400;
const reviewsPerRunMax = 50;

export interface OpenReviewsParts extends OpenLoopParts {
  readonly db: Database;
}

/** Safe to repeat: the id of a review follows from its region and its day. */
export const createOpenHolidayReviews =
  (parts: OpenReviewsParts) =>
  async (): Promise<{ readonly opened: number; readonly settled: number }> => {
    const { db, clock } = parts;
    const open = createOpenLoop(parts);
    const [from = '', until = ''] = [1, daysAhead].map((days) =>
      new Date(clock.now() + days * dayMs).toISOString().slice(0, 10),
    );
    const found = await unreviewedHolidays(db, { from, until, limit: reviewsPerRunMax });
    for (const opening of found.map(openingOf)) if (opening) await open(opening);
    const answered = await answeredElsewhere(db, reviewsPerRunMax);
    for (const id of answered) await settle(parts, id);
    return { opened: found.length, settled: answered.length };
  };

function openingOf({ region, day, zone, manager }: UnreviewedHoliday): Opening | null {
  const begins = atWall(zone, { day: present(dayNumber(day), 'the day'), minute: 0 });
  if ('reason' in begins) return null; // further away than anything is planned
  const command: HolidayReviewCommand = {
    type: 'ask',
    region,
    day,
    beginsAt: begins.at,
    reviewer: manager,
    allowanceMinutes,
  };
  return { loop, id: derivedId(loop, region, day) as LoopId, command };
}

async function settle({ client, clock, address }: OpenReviewsParts, id: LoopId): Promise<void> {
  const workflow = present(address.workflows[loop], 'the workflow of a review');
  const envelope = { commandId: 'settle', command: { type: 'settle' }, at: clock.now() };
  try {
    await client.workflow
      .getHandle(workflow.workflowId(id))
      .executeUpdate('settleHoliday', { updateId: 'settle', args: [envelope] });
  } catch (error) {
    // It has just ended by itself, or the reconciliation starts it again.
    const hasEnded =
      error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError;
    if (!hasEnded) throw error;
  }
}
