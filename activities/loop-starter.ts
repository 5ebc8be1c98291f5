/** Runs a loop again from its last recorded transition: the remedy for whatever became of its workflow. */
import type { Client } from '@temporalio/client';
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';

export interface LoopAddress {
  readonly taskQueue: string;
  /** By loop name: its workflow type and the workflow id of an instance. */
  readonly workflows: Readonly<
    Record<string, { readonly type: string; workflowId(id: LoopId): string }>
  >;
}

export interface LoopStarterParts {
  readonly db: Database;
  readonly client: Client;
  readonly address: LoopAddress;
}

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
    return 'restarted';
  };
