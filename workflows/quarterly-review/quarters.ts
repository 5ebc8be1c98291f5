/** Convenes the reviews of a quarter that is over; started by its schedule, a day after it ends. */
import { proxyActivities, setWorkflowOptions, sleep, workflowInfo } from '@temporalio/workflow';

interface Quarters {
  openQuarters(): Promise<{ readonly waiting: number }>;
}

/** An outage is waited out: what has begun already is not begun again. */
const { openQuarters } = proxyActivities<Quarters>({
  startToCloseTimeout: 300_000,
  retry: { initialInterval: 60_000, maximumInterval: 3_600_000 },
});

const dayMs = 86_400_000;
/** Within the time of one run. */
const looksMax = 28;

// It waits for weeks and nothing restarts it: each look is taken by the build that is current by then.
setWorkflowOptions(() => {
  // Of a worker without versions the server refuses any.
  const isVersioned = Boolean(workflowInfo().currentDeploymentVersion?.deploymentName);
  return isVersioned ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
}, quarters);

/** Where nobody manages a region yet, or no hour is found, another day may bring both. */
export async function quarters(): Promise<void> {
  for (let look = 1; look <= looksMax; look++) {
    const { waiting } = await openQuarters();
    if (!waiting || look === looksMax) return;
    await sleep(dayMs);
  }
}
