import { describe, expect, test } from 'vitest';
import { adoptionReport, runtimeReport } from '../../bin/zone-report.ts';
import { correctZones } from '../../domain/time/zone-correction.ts';
import { pinnedZones } from '../../domain/time/pinned-zones.ts';
import type { ZoneData } from '../../domain/time/zone.ts';
import { olderZones } from '../support/older-zones.ts';

const inUse = ['America/Winnipeg', 'Asia/Tokyo', 'Cuba', 'Europe/Berlin'];
const corrected = (data: ZoneData): ZoneData =>
  correctZones(data, { version: '2026f', completes: '2026c', zones: pinnedZones });

describe('what is said of zone data when a worker starts', () => {
  test('each zone in use that the runtime is wrong about is named, with hours, instant and cure', () => {
    expect(runtimeReport(inUse, olderZones, corrected(olderZones))).toEqual([
      'The zone data of this runtime, 2026c, is wrong about America/Winnipeg, +1 h from 2026-11-01T08:00Z; it is corrected to 2026f.',
      'The zone data of this runtime, 2026c, is wrong about Cuba, +1 h from 2026-11-01T08:00Z; it is corrected to 2026f.',
    ]);
  });

  test('what nothing corrects comes with the remedy', () => {
    const [first] = runtimeReport(inUse, olderZones, olderZones);
    expect(first).toMatch(/America\/Winnipeg.*: point ICU_TIMEZONE_FILES_DIR at newer zone files/);
  });

  test('a runtime too old to be corrected is told from one that is', () => {
    const ancient = { ...olderZones, version: '2025b' };
    expect(runtimeReport(['Asia/Tokyo'], ancient, corrected(ancient))).toEqual([
      expect.stringMatching(/2025b, is older than 2026c.*ICU_TIMEZONE_FILES_DIR/),
    ]);
  });

  test('nothing is said of zones that are right, nor by a runtime that is up to date', () => {
    expect(runtimeReport(['Asia/Tokyo'], olderZones, corrected(olderZones))).toEqual([]);
    expect(runtimeReport(inUse, { ...olderZones, version: '2026f' })).toEqual([]);
  });

  test('moved zones are named with the change that plans their loops again', () => {
    const from = Date.parse('2026-11-01T07:00Z');
    const moved = [{ zone: 'America/Winnipeg', hours: 1, from }];
    expect(adoptionReport({ moved, change: 'c1' })).toEqual([
      'Local time has moved since the last start: America/Winnipeg, +1 h from 2026-11-01T07:00Z.',
      'Loops of the people there are planned again: calendar change c1.',
    ]);
    expect(adoptionReport({ moved: [], change: null })).toEqual([]);
  });

  test('a worker that knows less than what is planned with does not start, and says what to do', () => {
    expect(() => adoptionReport({ olderThan: '2026f' }, olderZones)).toThrow(
      /knows zone data 2026c, and everything is planned with 2026f: start a newer release/,
    );
  });
});
