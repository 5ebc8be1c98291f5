/** Starts the telling of a change at once; when this fails, the maintenance schedule does it later. */
import type { Client } from '@temporalio/client';
import {
  calendarChangeRunMsMax,
  calendarChangeWorkflow,
  calendarChangeWorkflowId,
} from '../../workflows/calendar-change/id.ts';

export type AnnounceChange = (change: string) => void;

export const createAnnounceChange =
  ({
    client,
    taskQueue,
  }: {
    readonly client: Client;
    readonly taskQueue: string;
  }): AnnounceChange =>
  (change) =>
    void client.workflow
      .start(calendarChangeWorkflow, {
        workflowId: calendarChangeWorkflowId(change),
        taskQueue,
        args: [change],
        workflowRunTimeout: calendarChangeRunMsMax,
      })
      .catch(() => undefined);
