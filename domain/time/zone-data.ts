/**
 * Which time-zone database we compute with, and where it is known to be behind. Zones change several
 * times a year, often weeks before they take effect; a runtime knows only what it was built with.
 */
import type { Instant } from '../loop.ts';
import { type ZoneData, horizon, runtimeZones } from './zone.ts';

/** Stored with every plan; a worker with an older one does not plan. */
export const zoneDataVersion = (): string => runtimeZones.version;

/** Years and letters sort as text: 2026c is older than 2026f. */
export const isOlderZoneData = (version: string, than: string): boolean => version < than;

/** What `pinnedZones` was read from: the IANA time-zone database, https://data.iana.org/time-zones/ */
export const pinnedVersion = '2026f';

/** From `from` to `until` the zone keeps one offset, which older databases do not know. */
export interface PinnedZone {
  readonly zone: string;
  /** Other names of the same zone. */
  readonly links: readonly string[];
  readonly from: Instant;
  readonly until: Instant;
  readonly offsetHours: number;
}

export const pinnedZones: readonly PinnedZone[] = [
  {
    // Keeps summer time through the winter of 2026.
    zone: 'America/Havana',
    links: ['Cuba'],
    from: Date.UTC(2026, 10, 1, 5),
    until: Date.UTC(2027, 2, 14, 5),
    offsetHours: -4,
  },
  {
    // The Northwest Territories stop changing their clocks.
    zone: 'America/Inuvik',
    links: [],
    from: Date.UTC(2026, 10, 1, 8),
    until: horizon.until,
    offsetHours: -6,
  },
  {
    // Manitoba stops changing its clocks.
    zone: 'America/Winnipeg',
    links: ['America/Rainy_River', 'Canada/Central'],
    from: Date.UTC(2026, 10, 1, 7),
    until: horizon.until,
    offsetHours: -5,
  },
];

/** Local time in `zone` is shown and computed `hours` wrong, for the first time at `from`. */
export interface Disagreement {
  readonly zone: string;
  /** To be added to what the runtime says: 1 when its clock is an hour slow. */
  readonly hours: number;
  readonly from: Instant;
}

const hourMs = 3_600_000;

/** Those of `zones` for which the zone data differs from the pinned table. */
export function disagreements(
  zones: readonly string[],
  data: ZoneData = runtimeZones,
): readonly Disagreement[] {
  return zones.flatMap((zone) => {
    const pinned = pinnedZones.find((pin) => pin.zone === zone || pin.links.includes(zone));
    if (!pinned) return [];
    const { from, until, offsetHours } = pinned;
    const wrong = data
      .segments(zone, from, until)
      .find(({ offsetMs }) => offsetMs !== offsetHours * hourMs);
    return wrong ? [{ zone, hours: offsetHours - wrong.offsetMs / hourMs, from: wrong.from }] : [];
  });
}
