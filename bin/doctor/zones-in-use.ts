import { wallTime, zones } from '../../domain/time/zone.ts';
import type { WrongZone } from './diagnosis.ts';

/** Twice a month for three years: no change of clocks is undone sooner. */
const stepMs = 15 * 86_400_000;
const steps = 73;

interface Clock {
  readonly now: number;
  /** At those instants, in their order. */
  offsets(ats: readonly number[]): readonly number[] | Promise<readonly number[]>;
}

/** Where the clock of a part first differs from what is computed with; at most one. */
export async function firstWrong(
  part: string,
  zone: string,
  { now, offsets }: Clock,
): Promise<readonly WrongZone[]> {
  const ats = Array.from({ length: steps }, (_, step) => now + step * stepMs);
  const shown = await offsets(ats);
  for (const [step, at] of ats.entries()) {
    const difference = (shown[step] ?? 0) - wallTime(at, zone, zones).offsetMs;
    if (difference !== 0) return [{ part, zone, hours: difference / 3_600_000, from: at }];
  }
  return [];
}
