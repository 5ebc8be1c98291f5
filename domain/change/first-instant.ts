/** When the day of a change begins: in the zone of the place that it is about. */
import type { Instant } from '../loop.ts';
import { type Problem, problem } from '../problem.ts';
import { dayNumber } from '../time/calendar.ts';
import { atWall } from '../time/wall.ts';
import { wallTime } from '../time/zone.ts';

export interface DayAsked {
  /** Such as `2027-01-01`. */
  readonly day: string;
  readonly zone: string;
  readonly now: Instant;
}

/** Three years: what is further away is not known well enough to be planned. */
const daysAheadMax = 1_096;

/** Today counts at once: a clearance is lost without waiting for a midnight. */
export function firstInstant({ day, zone, now }: DayAsked): Instant | Problem {
  const number = dayNumber(day);
  const today = wallTime(now, zone).day;
  if (number === null || number < today) return problem('change.past', { day });
  if (number === today) return now;
  if (number > today + daysAheadMax) return problem('change.too_far', { days: daysAheadMax });
  const begins = atWall(zone, { day: number, minute: 0 });
  return 'reason' in begins ? problem('change.too_far', { days: daysAheadMax }) : begins.at;
}
