/** The clock of a step: it runs in the working time of whoever is asked, and stands still on a question. */
import type { Instant, WorkingTime } from '../loop.ts';
import { Refusal } from '../problem.ts';
import type { Run } from './state.ts';

export interface Allowed {
  readonly runs: readonly Run[];
  /** Whoever came later has the time since then. */
  readonly since: Instant;
  readonly minutes: number;
}

const minuteMs = 60_000;

/** When so many minutes have been worked while the clock ran; null while it stands still. */
export function usedUpAt(working: WorkingTime, { runs, since, minutes }: Allowed): Instant | null {
  let left = minutes;
  for (const { from, until } of runs) {
    const start = Math.max(from, since);
    if (until === null) return workedFrom(working, start, left);
    const worked = until > start ? working.between(start, until) : 0;
    if (worked >= left) return workedFrom(working, start, left);
    left -= worked;
  }
  return null;
}

/** Minutes that the clock ran for somebody until now. */
export const usedBy = (
  working: WorkingTime,
  { runs, since, until }: Pick<Allowed, 'runs' | 'since'> & { readonly until: Instant },
): number =>
  runs.reduce((sum, run) => {
    const [from, to] = [Math.max(run.from, since), Math.min(run.until ?? until, until)];
    return to > from ? sum + working.between(from, to) : sum;
  }, 0);

/** By elapsed time for whoever never works: nobody waits for ever. */
export function workedFrom(working: WorkingTime, from: Instant, minutes: number): Instant {
  try {
    return working.add(from, minutes);
  } catch (error) {
    if (error instanceof Refusal) return from + minutes * minuteMs;
    throw error;
  }
}
