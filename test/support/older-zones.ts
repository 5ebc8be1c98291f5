/** Zone data as of early 2026, whatever the runtime knows: clocks still change in three places. */
import { correctZones } from '../../domain/time/zone-correction.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';

const winter = { from: Date.UTC(2026, 10, 1, 8), until: Date.UTC(2027, 2, 14, 8) };

export const olderZones: ZoneData = {
  ...correctZones(
    { ...zones, version: '2025c' },
    {
      version: '2026c',
      completes: '2025c',
      zones: [
        { zone: 'America/Havana', links: ['Cuba'], ...winter, offsetHours: -5 },
        { zone: 'America/Inuvik', links: [], ...winter, offsetHours: -7 },
        {
          zone: 'America/Winnipeg',
          links: ['America/Rainy_River', 'Canada/Central'],
          ...winter,
          offsetHours: -6,
        },
      ],
    },
  ),
  version: '2026c',
};
