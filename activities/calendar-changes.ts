/** A change of working time reaches the loops it touches: each plans again with today's calendars. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { markTold, unannouncedChanges, untoldLoops } from '../db/calendar-changes.ts';
import type { Database } from '../db/client.ts';
import type { Instant } from '../domain/loop.ts';
import { createFollowAlerts } from './alert/follow-alerts.ts';
import { createReplanLoop, type LoopAddress } from './loop-starter.ts';

const changesPerRunMax = 20;
const loopsPerBatchMax = 50;

/** The workflow that tells the loops of one change. */
interface ChangeAddress {
  readonly type: string;
  workflowId(change: string): string;
  readonly runMsMax: number;
}

export interface AnnounceParts {
  readonly db: Database;
  readonly client: Client;
  readonly clock: { now(): Instant };
  readonly address: LoopAddress & { readonly calendarChange: ChangeAddress };
}

/** Whoever makes a change starts its telling; this is the net. Returns how many were started. */
export const createAnnounceCalendarChanges =
  ({ db, client, address }: AnnounceParts) =>
  async (): Promise<{ readonly started: number }> => {
    const changes = await unannouncedChanges(db, changesPerRunMax);
    for (const change of changes) await startTelling(client, address, change);
    return { started: changes.length };
  };

async function startTelling(
  client: Client,
  { taskQueue, calendarChange }: AnnounceParts['address'],
  change: string,
): Promise<void> {
  try {
    await client.workflow.start(calendarChange.type, {
      workflowId: calendarChange.workflowId(change),
      taskQueue,
      args: [change],
      workflowRunTimeout: calendarChange.runMsMax,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * Safe to repeat: a plan that stays the same writes nothing. Returns how many loops are left. What nobody
 * took comes first: with the change an account or a region may be somebody else's.
 */
export const createTellLoopsOfChange = (parts: AnnounceParts) => {
  const { db, clock } = parts;
  const replan = createReplanLoop(parts);
  const followAlerts = createFollowAlerts(parts);
  return async (change: string): Promise<number> => {
    await followAlerts();
    const touched = await untoldLoops(db, change, loopsPerBatchMax);
    for (const loop of touched) await replan(loop);
    return markTold(db, { change, loops: touched.map(({ id }) => id), at: clock.now() });
  };
};
