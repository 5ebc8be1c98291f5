/** How far zone data is from what is known: between releases, and between a worker and its plans. */
import type { Instant } from '../loop.ts';
import { pinnedZones } from './pinned-zones.ts';
import { pinFinder, pinnedOffsetMs } from './zone-correction.ts';
import { type Segment, type ZoneData, horizon, zones } from './zone.ts';

/** Stored with every plan; a worker with an older one does not plan. */
export const zoneDataVersion = (): string => zones.version;

/** Local time in `zone` is shown and computed `hours` wrong, for the first time at `from`. */
export interface Disagreement {
  readonly zone: string;
  /** To be added to what the data says: 1 when its clock is an hour slow. */
  readonly hours: number;
  readonly from: Instant;
}

const hourMs = 3_600_000;

const pinOf = pinFinder(pinnedZones);

/** Those of the zones for which the data differs from the pinned table. */
export function disagreements(
  names: readonly string[],
  data: ZoneData = zones,
): readonly Disagreement[] {
  return names.flatMap((zone) => {
    const pin = pinOf(zone);
    if (!pin) return [];
    const until = Math.min(pin.until, horizon.until);
    const offsetMs = pinnedOffsetMs(pin);
    const expected = [{ from: pin.from, until, offsetMs }];
    return firstDifference(zone, data.segments(zone, pin.from, until), expected);
  });
}

/** Where `found` first differs from `expected`, in the time that both cover; at most one. */
export function firstDifference(
  zone: string,
  found: readonly Segment[],
  expected: readonly Segment[],
): readonly Disagreement[] {
  for (const have of found) {
    const want = expected.find(
      ({ from, until, offsetMs }) =>
        offsetMs !== have.offsetMs && from < have.until && have.from < until,
    );
    if (!want) continue;
    const hours = (want.offsetMs - have.offsetMs) / hourMs;
    return [{ zone, hours, from: Math.max(have.from, want.from) }];
  }
  return [];
}
