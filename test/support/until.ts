import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is yes; a condition that never holds fails by its name. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { withinMs = 20_000, pauseMsMax = 100 } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let waitMs = 2; !(await holds()); waitMs = Math.min(waitMs * 1.5, pauseMsMax)) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(waitMs);
  }
}
