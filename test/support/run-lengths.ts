import type { Client } from '@temporalio/client';

/** Events in the history of each run of a workflow, from the first run to the last. */
export async function runLengths(client: Client, workflowId: string): Promise<readonly number[]> {
  const lengths: number[] = [];
  for (let runId: string | undefined; ;) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.unshift(events?.length ?? 0);
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    if (!started?.continuedExecutionRunId) return lengths;
    runId = started.continuedExecutionRunId;
  }
}
