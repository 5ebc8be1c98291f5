/**
 * `npm run oracle -- --all`: working time against a walk over every minute, around each change of the
 * clocks from 1990 to 2037 in every zone the runtime knows; without `--all`, in the zones named.
 */
import { openCalendar } from '../domain/time/working-time.ts';
import { runtimeZones } from '../domain/time/zone.ts';
import { namedCalendars } from '../test/property/time/calendars.ts';
import { oracle, walk } from '../test/support/time-oracle.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const range = { from: Date.UTC(1990, 0), until: Date.UTC(2038, 0) };
/** On either side of a change: a night shift before it and one after it are met whole. */
const aroundMs = 2 * dayMs;
const differencesShownMax = 20;

interface Compared {
  minutes: number;
  changes: number;
  /** Around which a minute of the clock begins within a minute of the walk. */
  skipped: number;
  readonly differences: string[];
}

/** Where the offset changes, and once a year where it never does. */
function changesOf(zone: string): readonly number[] {
  const segments = runtimeZones.segments(zone, range.from, range.until);
  const changes = segments.slice(1).map(({ from }) => from);
  return changes.length > 0 ? changes : [Date.UTC(2026, 2, 29)];
}

function compareAt(zone: string, change: number, compared: Compared): void {
  const middle = Math.floor(change / dayMs) * dayMs;
  const walked = walk(zone, {
    from: middle - aroundMs,
    until: middle + aroundMs,
    stepMs: minuteMs,
  });
  const around = new Date(middle).toISOString().slice(0, 10);
  // Offsets of old had seconds; from 1990 on none has.
  const isWhole = runtimeZones
    .segments(zone, middle - aroundMs, middle + aroundMs)
    .every(({ from, offsetMs }) => from % minuteMs === 0 && offsetMs % minuteMs === 0);
  if (!isWhole) {
    compared.skipped++;
    return;
  }
  compared.changes++;
  for (const [name, calendar] of Object.entries(namedCalendars(zone, around))) {
    const clock = openCalendar(calendar, { zoneData: runtimeZones });
    const truth = oracle(walked, calendar);
    let worked = 0;
    for (let step = 0; step < truth.steps; step++) {
      compared.minutes++;
      const isWorking = truth.isWorking(step);
      if (isWorking) worked++;
      if (clock.isWorking(truth.at(step)) === isWorking) continue;
      compared.differences.push(`${zone} ${name} ${new Date(truth.at(step)).toISOString()}`);
    }
    const between = clock.between(truth.at(0), truth.at(truth.steps - 1) + minuteMs);
    if (between !== worked)
      compared.differences.push(`${zone} ${name} between: ${JSON.stringify(between)}`);
  }
}

const given = process.argv.slice(2);
const zones = given.includes('--all') ? Intl.supportedValuesOf('timeZone') : given;
if (zones.length === 0) {
  console.error('Name zones, such as Africa/Cairo, or say --all.');
  process.exit(2);
}
const compared: Compared = { minutes: 0, changes: 0, skipped: 0, differences: [] };
const startedAt = performance.now();
for (const zone of zones) {
  for (const change of changesOf(zone)) compareAt(zone, change, compared);
  process.stderr.write(`${zone}: ${compared.minutes} minutes so far\n`);
}
for (const difference of compared.differences.slice(0, differencesShownMax))
  console.log(difference);
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
console.log(
  `${zones.length} zones, ${compared.changes} changes, ${compared.skipped} skipped, ` +
    `${compared.minutes} minutes compared, ${compared.differences.length} differences, ${seconds} s`,
);
process.exit(compared.differences.length + compared.skipped === 0 ? 0 : 1);
