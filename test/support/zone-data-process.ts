/** Prints what clocks show everywhere, in a process of its own: the name of the zone data is its argument. */
import { wallTime, zones } from '../../domain/time/zone.ts';
import { olderZones } from './older-zones.ts';

const zoneData = process.argv[2] === 'older' ? olderZones : zones;
const [from, until] = [Date.UTC(2026, 5, 1), Date.UTC(2027, 5, 1)];
const stepMs = 10 * 86_400_000;

const shown = [...Intl.supportedValuesOf('timeZone'), 'Canada/Central', 'Cuba'].map((zone) => {
  const offsets: number[] = [];
  for (let at = from; at < until; at += stepMs) offsets.push(wallTime(at, zone, zoneData).offsetMs);
  return [zone, offsets.join(' ')];
});
process.stdout.write(JSON.stringify(Object.fromEntries(shown)));
