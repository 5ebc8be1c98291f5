/**
 * An independent copy of the time-zone database, from the package `moment-timezone`: compiled by
 * others with the reference compiler, so that it shares nothing with the runtime's.
 */
import moment from 'moment-timezone';
import { joined } from '../../domain/time/zone-correction.ts';
import type { Segment, ZoneData } from '../../domain/time/zone.ts';

export const publishedNames = (): readonly string[] => moment.tz.names();

/** The package counts minutes west of UTC; old offsets have fractions. */
const offsetMs = (minutesWest: number): number => -Math.round(minutesWest * 60) * 1_000;

export const publishedZones: ZoneData = {
  version: moment.tz.dataVersion,
  segments(zone, from, until) {
    const { untils, offsets } = moment.tz.zone(zone) ?? { untils: [], offsets: [] };
    return joined(
      offsets.map((minutesWest, index) => ({
        from: Math.max(untils[index - 1] ?? -Infinity, from),
        until: Math.min(untils[index] ?? Infinity, until),
        offsetMs: offsetMs(minutesWest),
      })),
    );
  },
};

/** Local time of `zone` is `hours` more in the second than in the first, from then until then. */
export interface ZoneDifference {
  readonly zone: string;
  readonly from: number;
  readonly until: number;
  readonly hours: number;
}

interface Comparison {
  readonly names: readonly string[];
  readonly from: number;
  readonly until: number;
}

export function compareZones(
  first: ZoneData,
  second: ZoneData,
  { names, from, until }: Comparison,
): readonly ZoneDifference[] {
  return names.flatMap((zone) => {
    const theirs = second.segments(zone, from, until);
    const stretches = first.segments(zone, from, until).flatMap((ours) =>
      theirs.map((other) => ({
        from: Math.max(ours.from, other.from),
        until: Math.min(ours.until, other.until),
        offsetMs: other.offsetMs - ours.offsetMs,
      })),
    );
    return joined(stretches).flatMap((stretch: Segment) =>
      stretch.offsetMs === 0
        ? []
        : [
            {
              zone,
              from: stretch.from,
              until: stretch.until,
              hours: stretch.offsetMs / 3_600_000,
            },
          ],
    );
  });
}
