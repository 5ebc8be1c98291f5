/**
 * What a later release of the IANA time-zone database says than the runtime's. Zones change several
 * times a year, often weeks before it takes effect; a runtime knows only what it was built with.
 */
import type { Instant } from '../loop.ts';

/** From `from` to `until` the zone keeps one offset, which older releases do not know. */
export interface PinnedZone {
  readonly zone: string;
  /** Other names of the same zone. */
  readonly links: readonly string[];
  readonly from: Instant;
  readonly until: Instant;
  readonly offsetHours: number;
}

/** The release that the table was read from: https://data.iana.org/time-zones/ */
export const pinnedVersion = '2026f';

/** The oldest release that, with the table, agrees with `pinnedVersion` in every zone from 2026 on. */
export const completedVersion = '2026c';

/** Measured, not believed: `npm run zones` compares every zone with an independent copy. */
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
    until: Infinity,
    offsetHours: -6,
  },
  {
    // Manitoba stops changing its clocks.
    zone: 'America/Winnipeg',
    links: ['America/Rainy_River', 'Canada/Central'],
    from: Date.UTC(2026, 10, 1, 7),
    until: Infinity,
    offsetHours: -5,
  },
];
