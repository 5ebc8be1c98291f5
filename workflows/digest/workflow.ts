/** Collects whose digest is due, every few minutes; when each is, a column knows and no workflow. */
import { proxyActivities } from '@temporalio/workflow';

interface Digests {
  collectDigests(): Promise<{ readonly hasMore: boolean }>;
}

const { collectDigests } = proxyActivities<Digests>({
  startToCloseTimeout: 120_000,
  retry: { maximumAttempts: 3 },
});

/** Within the time of one run; what is left is the next one's. */
const callsMax = 5;

export async function digests(): Promise<void> {
  for (let call = 0; call < callsMax; call++) {
    const { hasMore } = await collectDigests();
    if (!hasMore) return;
  }
}
