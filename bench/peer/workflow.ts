/** The least a durable flow of three steps can be: each update writes one row in a local activity. */
import { condition, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export interface PeerActivities {
  writeRow(flow: string, step: number): Promise<void>;
}

export const takePeerStep = defineUpdate<number, [number]>('takePeerStep');

const { writeRow } = proxyLocalActivities<PeerActivities>({ startToCloseTimeout: 4_000 });
const steps = 3;

export async function peer(flow: string): Promise<number> {
  let taken = 0;
  setHandler(takePeerStep, async (step) => {
    await writeRow(flow, step);
    return ++taken;
  });
  await condition(() => taken === steps);
  return taken;
}
