/**
 * `npm run zones [FROM-YEAR UNTIL-YEAR]`: every zone of the runtime against the newest published
 * release, and whether what we compute with is corrected. What a new `pinnedZones` is read from.
 */
import { runtimeZones, zones } from '../domain/time/zone.ts';
import {
  compareZones,
  publishedNames,
  publishedZones,
  type ZoneDifference,
} from '../test/support/published-zones.ts';

const [first = 1990, last = 2038] = process.argv.slice(2).map(Number);
const range = { from: Date.UTC(first, 0, 1), until: Date.UTC(last, 0, 1) };
const day = (at: number): string => new Date(at).toISOString().slice(0, 16);

const differences = compareZones(runtimeZones, publishedZones, {
  ...range,
  names: publishedNames(),
});
const names = [...new Set(differences.map(({ zone }) => zone))];
const left = compareZones(zones, publishedZones, { ...range, names });

function describe(zone: string): string {
  const of = (all: readonly ZoneDifference[]) => all.filter((found) => found.zone === zone);
  const [earliest] = of(differences);
  const times = of(differences).length;
  const when = earliest
    ? `${day(earliest.from)} until ${day(earliest.until)}${times > 1 ? `, ${times} times` : ''}`
    : '';
  const hours = `${(earliest?.hours ?? 0) > 0 ? '+' : ''}${earliest?.hours}`;
  return `${zone}  ${hours} h  ${when}  ${of(left).length === 0 ? 'corrected' : 'NOT corrected'}`;
}

process.stdout.write(
  `${[
    `runtime ${runtimeZones.version}, in use ${zones.version}, published ${publishedZones.version}: ${publishedNames().length} zones, ${first} to ${last}`,
    ...names.map(describe),
  ].join('\n')}\n`,
);
process.exitCode = left.some(({ until }) => until > Date.now()) ? 1 : 0;
