/** Opens a loop from within the engine: for a holiday, a rotation or a finding, not for a request. */
import type { Client } from '@temporalio/client';
import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import { present } from '../domain/assert.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, Instant } from '../domain/loop.ts';
import type { LoopAddress } from './loop-starter.ts';

export interface OpenLoopParts {
  readonly client: Client;
  readonly clock: { now(): Instant };
  readonly address: LoopAddress;
}

export interface Opening {
  readonly loop: string;
  /** Follows from what it is opened for, so that it is opened once. */
  readonly id: LoopId;
  readonly command: Command;
}

/**
 * Answers when the opening is recorded; safe to repeat, also after the loop has ended. A refusal is
 * thrown as the `WorkflowUpdateFailedError` that it comes as.
 */
export const createOpenLoop =
  ({ client, clock, address }: OpenLoopParts) =>
  async ({ loop, id, command }: Opening): Promise<void> => {
    const workflow = present(address.workflows[loop], `the workflow of ${loop}`);
    try {
      await client.workflow.executeUpdateWithStart('openLoop', {
        updateId: 'open',
        startWorkflowOperation: new WithStartWorkflowOperation(workflow.type, {
          workflowId: workflow.workflowId(id),
          taskQueue: address.taskQueue,
          args: [{ id, open: { commandId: 'open', command, at: clock.now() } }],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowTaskTimeout: '5s',
        }),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
