/** The least a durable flow of three steps can be: each update writes one row in a local activity. */
import { condition, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export interface PeerActivities {
  /** Writes the row; then starts so many messages, whose hour comes after the measure. */
  takeStep(taken: PeerStep): Promise<void>;
}

export interface PeerStep {
  readonly flow: string;
  readonly step: number;
  readonly messages: number;
}

export const takePeerStep = defineUpdate<number, [Omit<PeerStep, 'flow'>]>('takePeerStep');

const { takeStep } = proxyLocalActivities<PeerActivities>({ startToCloseTimeout: 4_000 });
const steps = 3;

export async function peer(flow: string): Promise<number> {
  let taken = 0;
  setHandler(takePeerStep, async (step) => {
    await takeStep({ flow, ...step });
    return ++taken;
  });
  await condition(() => taken === steps);
  return taken;
}
