import { describe, expect, test } from 'vitest';
import { calendarClock } from '../../../domain/time/elapsed.ts';
import { timetableStore } from '../../../domain/time/timetable.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { calendarOf, everyDay, instant, nineToFive } from './weeks.ts';

const monday = instant('2026-11-23T12:00Z');
const numbered = (n: number) => calendarOf('Asia/Tokyo', everyDay([n, 720], [780, 1020]));
const mebibyte = 2 ** 20;

describe('the store of timetables', () => {
  test('never holds more than its cap, and forgotten calendars still answer', () => {
    const store = timetableStore(2 * mebibyte);
    const clocks = Array.from({ length: 200 }, (_, n) =>
      calendarClock(store.open(numbered(n), runtimeZones)),
    );
    const answers = clocks.map((clock) => {
      const answer = clock.addMs(monday, 200 * 3_600_000);
      expect(store.bytes).toBeLessThanOrEqual(2 * mebibyte);
      return answer;
    });
    expect(store.bytes).toBeGreaterThan(1.9 * mebibyte);
    const roomy = timetableStore(Infinity);
    const again = clocks.map((_, n) =>
      calendarClock(roomy.open(numbered(n), runtimeZones)).addMs(monday, 200 * 3_600_000),
    );
    expect(answers).toEqual(again);
    expect(clocks.map((clock) => clock.addMs(monday, 200 * 3_600_000))).toEqual(again);
    expect(store.bytes).toBeLessThanOrEqual(2 * mebibyte);
  });

  test('2,000 calendars of two intervals a day over two years fit into 64 MB', () => {
    const store = timetableStore(Infinity);
    for (let n = 0; n < 100; n++) {
      calendarClock(store.open(numbered(n), runtimeZones)).isWorking(monday);
    }
    expect(store.bytes * 20).toBeLessThan(64e6);
  });

  test('people with the same hours share one timetable, whatever their revision', () => {
    const store = timetableStore(mebibyte);
    const first = store.open(calendarOf('Asia/Tokyo'), runtimeZones);
    const other = store.open({ ...calendarOf('Asia/Tokyo'), revision: 7 }, runtimeZones);
    expect(other).toBe(first);
  });

  test('a change of hours, of a day off or of the zone data makes another', () => {
    const store = timetableStore(mebibyte);
    const calendar = calendarOf('Asia/Tokyo');
    const opened = [
      store.open(calendar, runtimeZones),
      store.open({ ...calendar, week: { ...nineToFive, fri: [] } }, runtimeZones),
      store.open({ ...calendar, days: [{ day: '2026-11-23', kind: 'off' }] }, runtimeZones),
      store.open(calendar, { ...runtimeZones, version: '2099z' }),
    ];
    expect(new Set(opened).size).toBe(opened.length);
  });
});
