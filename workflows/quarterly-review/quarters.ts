/** Convenes the reviews of a quarter that is over; started by its schedule, a day after it ends. */
import { proxyActivities } from '@temporalio/workflow';

interface Quarters {
  openQuarters(): Promise<unknown>;
}

/** An outage is waited out: what has begun already is not begun again. */
const { openQuarters } = proxyActivities<Quarters>({
  startToCloseTimeout: 300_000,
  retry: { initialInterval: 60_000, maximumInterval: 3_600_000 },
});

export async function quarters(): Promise<void> {
  await openQuarters();
}
