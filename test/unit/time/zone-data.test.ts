import { describe, expect, test } from 'vitest';
import { openCalendar } from '../../../domain/time/working-time.ts';
import {
  disagreements,
  isOlderZoneData,
  pinnedZones,
  zoneDataVersion,
} from '../../../domain/time/zone-data.ts';
import { type ZoneData, isZone, runtimeZones } from '../../../domain/time/zone.ts';
import { calendarOf, everyDay, instant, shown } from './weeks.ts';

/** As the runtime, but the pinned zones as a database of the pinned version has them. */
const corrected: ZoneData = {
  version: '2026f',
  segments(zone, from, until) {
    const pin = pinnedZones.find((pinned) => pinned.zone === zone);
    const given = runtimeZones.segments(zone, from, until);
    if (!pin) return given;
    const offsetMs = pin.offsetHours * 3_600_000;
    const inside = (at: number): number => Math.min(Math.max(at, pin.from), pin.until);
    const before = given.map((s) => ({ ...s, until: Math.min(s.until, pin.from) }));
    const after = given.map((s) => ({ ...s, from: Math.max(s.from, pin.until) }));
    const within = { from: inside(from), until: inside(until), offsetMs };
    return [...before, within, ...after].filter((s) => s.from < s.until);
  },
};

/** As the runtimes of early 2026 know these zones: clocks change as they always did. */
const behind: ZoneData = {
  version: '2026c',
  segments: (_, from, until) => [{ from, until, offsetMs: -7 * 3_600_000 }],
};

describe('zone data', () => {
  test('the runtime names its version', () => {
    expect(zoneDataVersion()).toMatch(/^20\d\d[a-z]$/);
    expect(isOlderZoneData('2026c', '2026f')).toBe(true);
    expect(isOlderZoneData('2026f', '2026f')).toBe(false);
    expect(isOlderZoneData('2027a', '2026f')).toBe(false);
  });

  test('every pinned zone and link is one the runtime knows', () => {
    expect(
      pinnedZones.flatMap(({ zone, links }) => [zone, ...links]).filter((id) => !isZone(id)),
    ).toEqual([]);
  });

  test('a zone that is behind is named with the hours it is wrong, under each of its names', () => {
    expect(disagreements(['Europe/Berlin', 'Canada/Central', 'America/Havana'], behind)).toEqual([
      { zone: 'Canada/Central', hours: 2, from: instant('2026-11-01T07:00Z') },
      { zone: 'America/Havana', hours: 3, from: instant('2026-11-01T05:00Z') },
    ]);
  });

  test('a runtime older than the pinned table disagrees exactly for the pinned zones', () => {
    const names = ['America/Havana', 'America/Inuvik', 'America/Winnipeg', 'America/Toronto'];
    const found = disagreements(names).map(({ zone, hours }) => `${zone} ${hours}`);
    const expected = ['America/Havana 1', 'America/Inuvik 1', 'America/Winnipeg 1'];
    expect(found).toEqual(isOlderZoneData(zoneDataVersion(), '2026f') ? expected : []);
    expect(disagreements(names, corrected)).toEqual([]);
  });

  test('the engine computes with the zone data it is given', () => {
    const calendar = calendarOf('America/Winnipeg', everyDay([540, 1020]));
    const clock = openCalendar(calendar, { zoneData: corrected });
    expect(shown(clock.nextWorking(instant('2026-12-01T06:00Z')))).toBe('2026-12-01T14:00Z');
    expect(shown(clock.nextWorking(instant('2026-07-01T06:00Z')))).toBe('2026-07-01T14:00Z');
    expect(shown(clock.nextWorking(instant('2026-01-01T06:00Z')))).toBe('2026-01-01T15:00Z');
  });
});
