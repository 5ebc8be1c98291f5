/** What it takes from somebody to be asked outside their hours. */
import { assert } from '../assert.ts';
import type { TimeLimit } from '../time/limit.ts';
import type { Range } from '../time/range.ts';
import { type Attendee, burdenOf, costOf, nightsOf } from '../time/slot-cost.ts';
import { type ZoneData, zones } from '../time/zone.ts';

/** Whole minutes: one that has begun counts. All 0 for who works for the whole of it. */
export interface AskedOutside {
  readonly outsideMinutes: number;
  /** Missing from eleven hours of rest (Directive 2003/88/EC, article 3), the longer side counted. */
  readonly restMinutes: number;
  /** Of the same kind as those of a meeting, so that `bestSlot` can weigh the one with the other. */
  readonly points: number;
}

/** `horizon` where the calendar is not known. What was asked of them before does not count here. */
export function askedOutside(
  { clock, zone }: Pick<Attendee, 'clock' | 'zone'>,
  range: Range,
  zoneData: ZoneData = zones,
): AskedOutside | TimeLimit {
  assert(range.until > range.from, 'what somebody is asked for takes time');
  const burden = burdenOf({ clock, zone }, range, nightsOf(range, zoneData)(zone));
  if ('reason' in burden) return burden;
  const { points, reasons } = costOf(range, burden);
  const minutesOf = (code: (typeof reasons)[number]['code']): number =>
    Math.ceil(reasons.find((reason) => reason.code === code)?.minutes ?? 0);
  return {
    outsideMinutes: minutesOf('outsideHours'),
    restMinutes: minutesOf('shortRest'),
    points: Math.ceil(points),
  };
}
