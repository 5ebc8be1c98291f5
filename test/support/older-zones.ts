/** Zone data as of early 2026 in which three zones keep to winter time, whatever the runtime knows. */
import { correctZones } from '../../domain/time/zone-correction.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';

const from = Date.UTC(2026, 10, 1, 8);
const until = Infinity;

export const olderZones: ZoneData = {
  ...correctZones(
    { ...zones, version: '2025c' },
    {
      version: '2026c',
      completes: '2025c',
      zones: [
        { zone: 'America/Havana', links: ['Cuba'], from, until, offsetHours: -5 },
        { zone: 'America/Inuvik', links: [], from, until, offsetHours: -7 },
        {
          zone: 'America/Winnipeg',
          links: ['America/Rainy_River', 'Canada/Central'],
          from,
          until,
          offsetHours: -6,
        },
      ],
    },
  ),
  version: '2026c',
};
