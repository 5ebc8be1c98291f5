import { describe, expect, test } from 'vitest';
import { diagnose, type Findings } from '../../bin/doctor/diagnosis.ts';
import { markedAt, markedZones, type Offsets, releaseOf } from '../../bin/doctor/release.ts';
import { firstWrong } from '../../bin/doctor/zones-in-use.ts';
import { wallTime, zones } from '../../domain/time/zone.ts';
import { olderZones } from '../support/older-zones.ts';

const now = Date.parse('2026-10-01T00:00Z');
const at = markedAt(now);
const shownBy = (zoneData: typeof zones): Offsets =>
  new Map(markedZones.map((zone) => [zone, wallTime(at, zone, zoneData).offsetMs]));

describe('the release of a part that does not tell it', () => {
  test('is recent when it shows what the newest shows', () => {
    expect(releaseOf(shownBy(zones), at)).toBe('2026f or newer');
  });

  test('lies between two when it shows some of it', () => {
    expect(releaseOf(shownBy(olderZones), at)).toBe('2026c or newer, older than 2026f');
  });

  test('is old when clocks still change everywhere, or when it does not know the zones', () => {
    const offsets = markedZones.map((zone) => [zone, -8 * 3_600_000] as const);
    expect(releaseOf(new Map(offsets), at)).toBe('older than 2026c');
    expect(releaseOf(new Map(markedZones.map((zone) => [zone, null])), at)).toBe(
      'older than 2026c',
    );
  });

  test('is asked about a winter to come', () => {
    expect(new Date(markedAt(Date.parse('2027-01-15T12:00Z'))).toISOString()).toBe(
      '2028-01-15T12:00:00.000Z',
    );
  });
});

test('a zone is wrong by so many hours from the first day on which its clock differs', async () => {
  const clockOf = (zone: string) =>
    firstWrong('Node', zone, {
      now,
      offsets: (ats) => ats.map((instant) => wallTime(instant, zone, olderZones).offsetMs),
    });
  expect(await clockOf('Europe/Berlin')).toEqual([]);
  const [wrong] = await clockOf('America/Winnipeg');
  expect(wrong).toMatchObject({ part: 'Node', zone: 'America/Winnipeg', hours: -1 });
  expect(new Date(wrong?.from ?? 0).toISOString()).toMatch(/^2026-11/);
});

describe('the diagnosis', () => {
  const well: Findings = {
    runtimeZoneData: '2026c',
    usedZoneData: '2026c+2026f',
    plannedWith: '2026c+2026f',
    parts: [
      { name: 'Node', version: '24.21.0', zoneData: '2026c' },
      { name: 'Postgres', version: '18.4', zoneData: 'older than 2026c' },
    ],
    wrongZones: [],
    emptyFolder: null,
  };

  test('lines the parts up, and is well when only what nobody sees is behind', () => {
    const { lines, isWell } = diagnose(well);
    expect(isWell).toBe(true);
    expect(lines.slice(0, 3)).toEqual([
      'part      version  zone data',
      'Node      24.21.0  2026c',
      'Postgres  18.4     older than 2026c',
    ]);
  });

  test('names each zone in use that a part shows otherwise, without calling that wrong', () => {
    const from = Date.parse('2026-11-01');
    const wrong = { part: 'Postgres', zone: 'America/Winnipeg', hours: -1, from };
    const { lines, isWell } = diagnose({ ...well, wrongZones: [wrong] });
    expect(isWell).toBe(true);
    expect(lines).toContain('  America/Winnipeg: Postgres -1 h from 2026-11-01 on');
  });

  test.each<[string, Partial<Findings>, RegExp]>([
    ['a runtime too old to correct', { runtimeZoneData: '2026a' }, /too old to be corrected/],
    ['plans of a newer release', { plannedWith: '2027a' }, /planned with zone data 2027a/],
    ['a part away', { parts: [{ name: 'Postgres', away: 'gone' }] }, /^Postgres is away: gone$/],
    ['an empty folder of zones', { emptyFolder: '/zones' }, /names \/zones/],
  ])('calls %s wrong, with the remedy', (_, changes, sentence) => {
    const { lines, isWell } = diagnose({ ...well, ...changes });
    expect(isWell).toBe(false);
    expect(lines.filter((line) => sentence.test(line))).toHaveLength(1);
  });
});
