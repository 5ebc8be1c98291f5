/** A worker brings its zone data: where that moves local time, what was planned is planned again. */
import { recordCalendarChange } from '../db/calendar-changes.ts';
import type { Database } from '../db/client.ts';
import {
  keepZoneData,
  lockZoneData,
  peopleInZones,
  type ZoneRules,
  zonesInUse,
  zonesPlannedWithOther,
} from '../db/zone-data.ts';
import type { Instant } from '../domain/loop.ts';
import { type Disagreement, firstDifference } from '../domain/time/zone-data.ts';
import { isOlderZoneData } from '../domain/time/zone-version.ts';
import { type ZoneData, dayMs, horizon } from '../domain/time/zone.ts';

/** Further ahead than anything is planned; what changes later is seen by a worker that starts later. */
const yearsAhead = 5;

export interface AdoptParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly zoneData: ZoneData;
}

export type Adoption =
  | { readonly olderThan: string }
  | {
      /** Zones in use whose local time is another from then on, as far as it is known what it was. */
      readonly moved: readonly Disagreement[];
      /** Which makes the loops of their people plan again; null when that is needless. */
      readonly change: string | null;
    };

/** Repeated by every worker that starts: what another has adopted is no news. */
export async function adoptZoneData({ db, clock, zoneData }: AdoptParts): Promise<Adoption> {
  const rules = rulesFrom(zoneData, await zonesInUse(db), clock.now());
  return db.transaction().execute(async (tx) => {
    const kept = await lockZoneData(tx);
    const { version } = zoneData;
    if (isOlderZoneData(version, kept.version)) return { olderThan: kept.version };
    const moved = movedZones(kept.rules, rules);
    const unknown = (await zonesPlannedWithOther(tx, version)).filter(
      (zone) => !isKnown(kept.rules, zone, clock.now()),
    );
    const people = await peopleInZones(tx, [...moved.map(({ zone }) => zone), ...unknown]);
    const change = { reason: 'zone_data', people, at: clock.now() } as const;
    const id = await recordCalendarChange(tx, change);
    await keepZoneData(tx, { version, rules });
    return { moved, change: id };
  });
}

function rulesFrom(zoneData: ZoneData, zones: readonly string[], now: Instant): ZoneRules {
  const until = Math.min(now + yearsAhead * 366 * dayMs, horizon.until);
  return Object.fromEntries(zones.map((zone) => [zone, zoneData.segments(zone, now, until)]));
}

const isKnown = (rules: ZoneRules, zone: string, now: Instant): boolean =>
  (rules[zone]?.at(-1)?.until ?? 0) > now;

const movedZones = (before: ZoneRules, after: ZoneRules): readonly Disagreement[] =>
  Object.entries(after).flatMap(([zone, segments]) =>
    firstDifference(zone, before[zone] ?? [], segments),
  );
