/** Runs a loop again from its last recorded transition: the remedy for whatever became of its workflow. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';

export interface LoopAddress {
  readonly taskQueue: string;
  /** By loop name: its workflow type and the workflow id of an instance. */
  readonly workflows: Readonly<
    Record<
      string,
      {
        readonly type: string;
        workflowId(id: LoopId): string;
        /** By the type of the command: what a step of another loop may tell it. */
        readonly updates?: Readonly<Record<string, { readonly name: string }>>;
      }
    >
  >;
}

export interface LoopStarterParts {
  readonly db: Database;
  readonly client: Client;
  readonly address: LoopAddress;
}

/** The signal on which every loop plans again. */
const calendarsChanged = 'calendarsChanged';

export type RestartAnswer = 'restarted' | 'unknown' | 'closed';

/** Whatever runs under its id ends; nothing recorded is lost, and nothing is done twice. */
export const createRestartLoop =
  ({ db, client, address }: LoopStarterParts) =>
  async (id: LoopId): Promise<RestartAnswer> => {
    const row = await db
      .selectFrom('loop_instance')
      .select(['loop', 'sequence', 'version', 'state', 'moments', 'last_at', 'closed_at'])
      .where('id', '=', id)
      .executeTakeFirst();
    const workflow = row && address.workflows[row.loop];
    if (!row || !workflow || row.sequence === 0) return 'unknown';
    if (row.closed_at !== null) return 'closed';
    const resume = {
      state: row.state,
      version: row.version,
      sequence: row.sequence,
      at: row.last_at ?? 0,
      moments: row.moments,
      refusals: {},
    };
    await client.workflow.start(workflow.type, {
      workflowId: workflow.workflowId(id),
      taskQueue: address.taskQueue,
      args: [{ id, resume }],
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowTaskTimeout: '5s',
    });
    // What it resumes with may have been planned before calendars changed.
    await client.workflow.getHandle(workflow.workflowId(id)).signal(calendarsChanged);
    return 'restarted';
  };

/** A loop plans again with today's calendars; one whose workflow is gone is started again for it. */
export const createReplanLoop = (parts: LoopStarterParts) => {
  const restart = createRestartLoop(parts);
  return async ({ id, loop }: { readonly id: LoopId; readonly loop: string }): Promise<void> => {
    const workflow = parts.address.workflows[loop];
    if (!workflow) return;
    try {
      const run = parts.client.workflow.getHandle(workflow.workflowId(id));
      await run.signal(calendarsChanged);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await restart(id);
    }
  };
};
