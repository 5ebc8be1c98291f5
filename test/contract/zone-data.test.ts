/** Our zone data against an independent copy of the newest release. */
import { describe, expect, test } from 'vitest';
import { pinnedVersion, pinnedZones } from '../../domain/time/pinned-zones.ts';
import { isOlderZoneData } from '../../domain/time/zone-version.ts';
import { runtimeZones, zones } from '../../domain/time/zone.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { compareZones, publishedNames, publishedZones } from '../support/published-zones.ts';

const pinnedNames = pinnedZones.flatMap(({ zone, links }) => [zone, ...links]);
const from = Date.UTC(2026, 0, 1);
const until = Date.UTC(proofSize(2029, 2101), 0, 1);

describe(`zones of release ${publishedZones.version}`, () => {
  test('the pinned table was read from the release of the package, or from a newer one', () => {
    expect(isOlderZoneData(pinnedVersion, publishedZones.version)).toBe(false);
  });

  test('local time is what the release says from 2026 on, in every zone and under every name', () => {
    const names = publishedNames();
    reportProof(`zones until ${new Date(until).getUTCFullYear()}`, names.length);
    expect(names.length).toBeGreaterThan(590);
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !names.includes(name))).toEqual([]);
    expect(compareZones(zones, publishedZones, { names, from, until })).toEqual([]);
  });

  test('the pinned table holds all that the release knows of its zones, to the horizon', () => {
    const range = { names: pinnedNames, from: Date.UTC(2000, 0, 1), until: Date.UTC(2101, 0, 1) };
    expect(compareZones(zones, publishedZones, range)).toEqual([]);
  });

  test('a runtime that has caught up makes the table needless, and one that has not needs all of it', () => {
    const range = { names: pinnedNames, from, until: Date.UTC(2028, 0, 1) };
    const behind = compareZones(runtimeZones, publishedZones, range).map(({ zone }) => zone);
    const expected = isOlderZoneData(runtimeZones.version, pinnedVersion) ? pinnedNames : [];
    expect([...new Set(behind)].sort()).toEqual([...expected].sort());
  });
});
