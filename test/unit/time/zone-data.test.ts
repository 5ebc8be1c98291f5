import { describe, expect, test } from 'vitest';
import { pinnedVersion, pinnedZones } from '../../../domain/time/pinned-zones.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { correctZones } from '../../../domain/time/zone-correction.ts';
import { disagreements } from '../../../domain/time/zone-data.ts';
import { isOlderZoneData } from '../../../domain/time/zone-version.ts';
import {
  type ZoneData,
  isZone,
  offsetMsAt,
  runtimeZones,
  wallTime,
  zones,
} from '../../../domain/time/zone.ts';
import { calendarOf, everyDay, instant, shown } from './weeks.ts';

/** Clocks that never change, as a database of early 2026. */
const behind: ZoneData = {
  version: '2026c',
  segments: (_, from, until) => [{ from, until, offsetMs: -7 * 3_600_000 }],
};
const correction = { version: '2026f', completes: '2026c', zones: pinnedZones };

describe('versions of zone data', () => {
  test('the runtime and the source in use name theirs', () => {
    expect(runtimeZones.version).toMatch(/^20\d\d[a-z]$/);
    expect(zones.version).toMatch(/^20\d\d[a-z](?:\+20\d\d[a-z])?$/);
    expect(isOlderZoneData(zones.version, pinnedVersion)).toBe(false);
  });

  test.each([
    ['2026c', '2026f', true],
    ['2026f', '2026f', false],
    ['2027a', '2026f', false],
    ['2026c', '2026c+2026f', true],
    ['2026c+2026f', '2026f', false],
    ['2026f', '2026c+2026f', false],
    ['2026c+2026f', '2026g', true],
  ])('%s is older than %s: %s', (version, than, expected) => {
    expect(isOlderZoneData(version, than)).toBe(expected);
  });
});

describe('the correction', () => {
  test('every pinned zone and link is one the runtime knows', () => {
    const names = pinnedZones.flatMap(({ zone, links }) => [zone, ...links]);
    expect(names.filter((id) => !isZone(id))).toEqual([]);
  });

  test('the source in use agrees with the pinned table, under each name of a zone', () => {
    const names = pinnedZones.flatMap(({ zone, links }) => [zone, ...links]);
    expect(disagreements(names)).toEqual([]);
    expect(disagreements(names, correctZones(behind, correction))).toEqual([]);
  });

  test('only the pinned stretch changes, and what was given stays beside it', () => {
    const [from, until] = [instant('2026-01-01'), instant('2028-01-01')];
    const havana = correctZones(behind, correction).segments('America/Havana', from, until);
    expect(havana.map((s) => [shown(s.from), s.offsetMs / 3_600_000])).toEqual([
      ['2026-01-01T00:00Z', -7],
      ['2026-11-01T05:00Z', -4],
      ['2027-03-14T05:00Z', -7],
    ]);
    expect(havana.at(-1)?.until).toBe(until);
    const inside = correctZones(behind, correction).segments('cuba', havana[1]?.from ?? 0, until);
    expect(inside.map((s) => s.offsetMs / 3_600_000)).toEqual([-4, -7]);
  });

  test('data as new as the table is left alone, and older data names both releases', () => {
    const newer = { ...behind, version: '2026f' };
    expect(correctZones(newer, correction)).toBe(newer);
    expect(correctZones(behind, correction).version).toBe('2026c+2026f');
  });

  test('data too old to be completed does not pass for the newer release', () => {
    const old = correctZones({ ...behind, version: '2025b' }, correction);
    expect(old.version).toBe('2025b');
    expect(disagreements(['America/Winnipeg'], old)).toEqual([]);
  });

  test('a zone that is behind is named with the hours it is wrong, under each of its names', () => {
    expect(disagreements(['Europe/Berlin', 'Canada/Central', 'America/Havana'], behind)).toEqual([
      { zone: 'Canada/Central', hours: 2, from: instant('2026-11-01T07:00Z') },
      { zone: 'America/Havana', hours: 3, from: instant('2026-11-01T05:00Z') },
    ]);
  });
});

describe('Winnipeg, which stopped changing its clocks in 2026', () => {
  test.each(['America/Winnipeg', 'Canada/Central', 'America/Rainy_River', 'America/winnipeg'])(
    '%s stays five hours behind UTC, also beyond the horizon',
    (zone) => {
      const hours = (text: string): number => offsetMsAt(zone, instant(text)) / 3_600_000;
      expect(hours('2026-01-15T12:00Z')).toBe(-6);
      expect(hours('2026-07-15T12:00Z')).toBe(-5);
      expect(hours('2027-01-15T12:00Z')).toBe(-5);
      expect(hours('2099-01-15T12:00Z')).toBe(-5);
      expect(hours('2150-01-15T12:00Z')).toBe(-5);
    },
  );

  test('begins to work at nine by its own clocks, in arithmetic and on the wall', () => {
    const clock = openCalendar(calendarOf('America/Winnipeg', everyDay([540, 1020])));
    const nine = clock.nextWorking(instant('2026-12-01T06:00Z'));
    expect(shown(nine)).toBe('2026-12-01T14:00Z');
    expect(wallTime(Number(nine), 'America/Winnipeg')).toMatchObject({ minute: 540 });
    expect(shown(clock.nextWorking(instant('2026-07-01T06:00Z')))).toBe('2026-07-01T14:00Z');
    expect(shown(clock.nextWorking(instant('2026-01-01T06:00Z')))).toBe('2026-01-01T15:00Z');
  });
});
