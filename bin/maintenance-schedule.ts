/** The schedules that start work by the clock; they are there already after the first worker's start. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';

const everyMs = 300_000;
/** A run whose build has no worker left ends by itself, and the next begins on the current one. */
const runMsMax = 600_000;

export const scheduleMaintenance = (client: Client, taskQueue: string): Promise<void> =>
  schedule(client, taskQueue, 'maintenance');

/** What was missed longer ago than one run is not caught up with: the next run collects who is due. */
export const scheduleDigests = (client: Client, taskQueue: string): Promise<void> =>
  schedule(client, taskQueue, 'digests');

async function schedule(
  client: Client,
  taskQueue: string,
  workflowType: 'maintenance' | 'digests',
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: `${workflowType}:${taskQueue}`,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs },
      action: {
        type: 'startWorkflow',
        workflowType,
        taskQueue,
        workflowExecutionTimeout: runMsMax,
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
