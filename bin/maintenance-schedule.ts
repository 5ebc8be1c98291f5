/** One schedule runs the maintenance; it is there already after the first worker's start. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';

const everyMs = 300_000;
/** A run whose build has no worker left ends by itself, and the next begins on the current one. */
const runMsMax = 600_000;

export async function scheduleMaintenance(client: Client, taskQueue: string): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: `maintenance:${taskQueue}`,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs },
      action: {
        type: 'startWorkflow',
        workflowType: 'maintenance',
        taskQueue,
        workflowExecutionTimeout: runMsMax,
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
