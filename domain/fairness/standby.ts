/** What it takes from somebody to be reached for an account while they do not work. */
import type { Range } from '../time/range.ts';
import { minuteMs } from '../time/zone.ts';

/**
 * Whoever holds on is not at work: an eighth of the time counts, as the German public service pays
 * for standby (TVöD, section 8 (3): 12.5 % of an hour's pay for each hour of it).
 */
const standbyPart = 8;

/**
 * From when they stop, so many minutes for those of the gap that lie outside their hours, so that a
 * long gap counts more than a short one, and none as a night at work. Null where none do.
 */
export function standbyOf({ from }: Range, outsideMinutes: number): Range | null {
  if (outsideMinutes <= 0) return null;
  return { from, until: from + Math.ceil(outsideMinutes / standbyPart) * minuteMs };
}
