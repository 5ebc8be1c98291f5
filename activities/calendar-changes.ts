/** Tells every open loop that a change of somebody's working time may have moved its plan. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { LoopAddress } from './loop-starter.ts';

const changesPerRunMax = 20;
/** A national holiday touches thousands of loops: they plan again at this rate, not all at once. */
const signalsPerBatch = 50;
const batchPauseMs = 1_000;

export interface AnnounceParts {
  readonly db: Database;
  readonly client: Client;
  readonly clock: { now(): Instant };
  readonly address: LoopAddress;
}

/** Returns how many loops were told. Safe to repeat: a plan that stays the same writes nothing. */
export const createAnnounceCalendarChanges =
  ({ db, client, clock, address }: AnnounceParts) =>
  async (): Promise<{ readonly told: number }> => {
    const changes = await db
      .selectFrom('calendar_change')
      .select(['id', 'people'])
      .where('announced_at', 'is', null)
      .orderBy('at')
      .limit(changesPerRunMax)
      .execute();
    if (changes.length === 0) return { told: 0 };
    const touched = await openLoopsOf(db, [...new Set(changes.flatMap((change) => change.people))]);
    for (const [index, { id, loop }] of touched.entries()) {
      if (index > 0 && index % signalsPerBatch === 0) await pause(batchPauseMs);
      const workflow = address.workflows[loop];
      if (workflow) await tell(client, workflow.workflowId(id));
    }
    await db
      .updateTable('calendar_change')
      .set({ announced_at: clock.now() })
      .where(
        'id',
        'in',
        changes.map(({ id }) => id),
      )
      .execute();
    return { told: touched.length };
  };

/** A loop that is gone is the reconciliation's, which starts it again with today's calendars. */
async function tell(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal('calendarsChanged');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function openLoopsOf(
  db: Database,
  people: readonly string[],
): Promise<readonly { readonly id: LoopId; readonly loop: string }[]> {
  const rows = await db
    .selectFrom('loop_instance')
    .innerJoin('loop_party', 'loop_party.loop_id', 'loop_instance.id')
    .select(['loop_instance.id', 'loop_instance.loop'])
    .distinct()
    .where('loop_instance.closed_at', 'is', null)
    .where('loop_party.person_id', 'in', people)
    .execute();
  return rows.map(({ id, loop }) => ({ id: id as LoopId, loop }));
}
