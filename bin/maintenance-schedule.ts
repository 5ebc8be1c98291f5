/** The schedules that start work by the clock; they are there already after the first worker's start. */
import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type ScheduleSpec,
} from '@temporalio/client';

const everyMs = 300_000;
/** A run whose build has no worker left ends by itself, and the next begins on the current one. */
const runMsMax = 600_000;

export const scheduleMaintenance = (client: Client, taskQueue: string): Promise<void> =>
  schedule(client, taskQueue, 'maintenance');

/** What was missed longer ago than one run is not caught up with: the next run collects who is due. */
export const scheduleDigests = (client: Client, taskQueue: string): Promise<void> =>
  schedule(client, taskQueue, 'digests');

/** From the first noon of a quarter (UTC) on, the one before is over everywhere. */
const quarterly: ScheduleSpec = {
  calendars: [{ month: ['JANUARY', 'APRIL', 'JULY', 'OCTOBER'], dayOfMonth: 1, hour: 13 }],
};
/** A run waits out an outage of so many days; one that was missed longer ago is not caught up with. */
const quartersMsMax = 30 * 86_400_000;

export const scheduleQuarters = (client: Client, taskQueue: string): Promise<void> =>
  schedule(client, taskQueue, 'quarters', { spec: quarterly, runMs: quartersMsMax });

interface Timing {
  readonly spec: ScheduleSpec;
  /** Of one run at most, and how long ago one may have been missed. */
  readonly runMs: number;
}

async function schedule(
  client: Client,
  taskQueue: string,
  workflowType: 'maintenance' | 'digests' | 'quarters',
  { spec, runMs }: Timing = { spec: { intervals: [{ every: everyMs }] }, runMs: runMsMax },
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: `${workflowType}:${taskQueue}`,
      spec,
      policies: {
        overlap: ScheduleOverlapPolicy.SKIP,
        catchupWindow: workflowType === 'quarters' ? runMs : everyMs,
      },
      action: {
        type: 'startWorkflow',
        workflowType,
        taskQueue,
        workflowExecutionTimeout: runMs,
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
