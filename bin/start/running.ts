/** What runs now, and how it ends: people's requests first, then what served them. */
import { StartProblem } from '../embedded/start-problem.ts';

type Layer = 'product' | 'servers';

export interface Stoppable {
  stop(): Promise<void>;
  kill?(): void;
}

export interface Running {
  /** Refuses what starts after the end was asked for, once it has been stopped again. */
  add<Part extends Stoppable>(layer: Layer, part: Part): Part;
  demandGoingOn(): void;
  stop(): Promise<void>;
  kill(): void;
}

export const interrupted = new StartProblem('not_ready', 'Stopped before everything had started.');

export function createRunning(): Running {
  const parts: Record<Layer, Stoppable[]> = { product: [], servers: [] };
  let isEnding = false;
  const stopLayer = async (layer: Layer): Promise<void> => {
    await Promise.all(parts[layer].map((part) => part.stop()));
  };
  return {
    add(layer, part) {
      parts[layer].push(part);
      return part;
    },
    demandGoingOn() {
      if (isEnding) throw interrupted;
    },
    async stop() {
      isEnding = true;
      await stopLayer('product');
      await stopLayer('servers');
    },
    kill() {
      for (const part of [...parts.product, ...parts.servers]) part.kill?.();
    },
  };
}

/** Like Promise.all, but waits for the others before it fails, so that all can be stopped. */
export async function together(starts: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(starts);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
}
