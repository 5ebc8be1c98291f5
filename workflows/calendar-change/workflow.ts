/** A change of working time reaches every loop it touches, at a rate that the record can bear. */
import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';

interface Telling {
  /** Tells the next of them; how many are left. */
  tellLoopsOfChange(change: string): Promise<number>;
}

const { tellLoopsOfChange } = proxyActivities<Telling>({ startToCloseTimeout: 60_000 });

/** A national holiday touches thousands of loops: they plan again at this rate, not all at once. */
const batchPauseMs = 1_000;
const batchesPerRunMax = 200;

export async function calendarChange(change: string): Promise<void> {
  for (let batch = 0; batch < batchesPerRunMax; batch++) {
    if ((await tellLoopsOfChange(change)) === 0) return;
    await sleep(batchPauseMs);
  }
  await continueAsNew<typeof calendarChange>(change);
}
