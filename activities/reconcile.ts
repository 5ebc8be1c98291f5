/** Compares what is open in Postgres with what runs in Temporal, both ways. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { createRestartLoop, type LoopStarterParts } from './loop-starter.ts';

/** Loops looked at in one run, the ones that are longest overdue first. */
const loopsPerRunMax = 1_000;
/** A loop this much behind its own plan is looked at. */
const overdueMs = 60_000;
/** Failed tries of one workflow task after which it counts as stuck. */
const stuckAttempts = 3;

export interface Reconciliation {
  readonly looked: number;
  /** Open in the record and not running: started again from it. */
  readonly restarted: readonly LoopId[];
  /** Running, and failing at its task again and again: a build has to be mended. */
  readonly stuck: readonly LoopId[];
}

export interface ReconcileParts extends LoopStarterParts {
  readonly clock: { now(): Instant };
}

/** What runs but has no record ends by itself: its opening is refused or recorded when it is tried. */
export const createReconcile = (parts: ReconcileParts) => {
  const restart = createRestartLoop(parts);
  return async (): Promise<Reconciliation> => {
    const late = await overdueLoops(parts.db, parts.clock.now());
    const restarted: LoopId[] = [];
    const stuck: LoopId[] = [];
    for (const { id, loop } of late) {
      const workflow = parts.address.workflows[loop];
      if (!workflow) continue;
      const run = await describeRun(parts.client, workflow.workflowId(id));
      if (run === 'gone' && (await restart(id)) === 'restarted') restarted.push(id);
      if (run === 'stuck') stuck.push(id);
    }
    return { looked: late.length, restarted, stuck };
  };
};

/** Open and behind their plan; those that wait for nothing (held) are looked at too. */
async function overdueLoops(
  db: Database,
  now: Instant,
): Promise<readonly { readonly id: LoopId; readonly loop: string }[]> {
  const rows = await db
    .selectFrom('loop_instance')
    .select(['id', 'loop'])
    .where('closed_at', 'is', null)
    .where('sequence', '>', 0)
    .where((eb) =>
      eb.or([eb('next_moment_at', 'is', null), eb('next_moment_at', '<', now - overdueMs)]),
    )
    .orderBy('next_moment_at')
    .limit(loopsPerRunMax)
    .execute();
  return rows.map(({ id, loop }) => ({ id: id as LoopId, loop }));
}

export async function describeRun(
  client: Client,
  workflowId: string,
): Promise<'running' | 'stuck' | 'gone'> {
  try {
    const run = await client.workflow.getHandle(workflowId).describe();
    if (run.status.name !== 'RUNNING') return 'gone';
    const attempt = run.raw.pendingWorkflowTask?.attempt ?? 0;
    return attempt > stuckAttempts ? 'stuck' : 'running';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}
