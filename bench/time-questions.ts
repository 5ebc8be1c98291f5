/** What is asked, and how fast it should be answered. */
import { bestSlot } from '../domain/time/best-slot.ts';
import { overlap } from '../domain/time/overlap.ts';
import { shiftsOf } from '../domain/time/shifts.ts';
import { buildWindow } from '../domain/time/window.ts';
import { type WorkingClock, openCalendar } from '../domain/time/working-time.ts';
import { windowMs, zones } from '../domain/time/zone.ts';
import type { Measure } from './rounds.ts';
import { calendar, dayMs, from, random, zoneOf } from './time-calendars.ts';

const instants = Float64Array.from({ length: 65_536 }, () =>
  Math.trunc(from + random() * 365 * dayMs),
);
const last = instants.length - 1;

const count = (answer: number | object): number => (typeof answer === 'number' ? answer : 0);

const year = 330 * dayMs;

/** Each loop is written out: a shared one would call through a reference and measure that. */
export const hot = (clock: WorkingClock): readonly Measure[] => [
  {
    name: '`isWorking`, one calendar',
    n: 1e6,
    target: { perSecond: 30e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += clock.isWorking(instants[i & last]!) ? 1 : 0;
      return sum;
    },
  },
  {
    name: '`nextWorking`, one calendar',
    n: 1e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.nextWorking(instants[i & last]!));
      return sum;
    },
  },
  {
    name: '`add` 8 h, one calendar',
    n: 1e6,
    target: { perSecond: 10e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.add(instants[i & last]!, 480));
      return sum;
    },
  },
  {
    name: '`add` -8 h, one calendar',
    n: 1e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.add(instants[i & last]!, -480));
      return sum;
    },
  },
  {
    name: '`between` over a year, one calendar',
    n: 1e6,
    target: { perSecond: 15e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & last]!;
        sum += count(clock.between(at - year, at));
      }
      return sum;
    },
  },
];

export const scattered = (clocks: readonly WorkingClock[]): readonly Measure[] => [
  {
    name: '`isWorking`, any of 2,000 calendars',
    n: 3e5,
    target: { perSecond: 1e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += clocks[(random() * 2_000) | 0]!.isWorking(instants[i & last]!) ? 1 : 0;
      }
      return sum;
    },
  },
  {
    name: '`add` 8 h, any of 2,000 calendars',
    n: 3e5,
    target: { perSecond: 0.5e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += count(clocks[(random() * 2_000) | 0]!.add(instants[i & last]!, 480));
      }
      return sum;
    },
  },
  {
    name: '`between` half a year, any of 2,000 calendars',
    n: 3e5,
    target: { perSecond: 0.7e6 },
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & last]!;
        sum += count(clocks[(random() * 2_000) | 0]!.between(at - year / 2, at));
      }
      return sum;
    },
  },
];

const people = (zone?: string): readonly WorkingClock[] =>
  Array.from({ length: 50 }, (_, n) => openCalendar(calendar(n, zone)));

const asked = (name: string, microseconds: number, ask: () => object): Measure => ({
  name,
  n: Math.max(10, Math.ceil(20_000 / microseconds)),
  target: { microseconds },
  run(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += 'reason' in ask() ? 1 : 0;
    return sum;
  },
});

export function together(): readonly Measure[] {
  const [berlin, anywhere] = [people('Europe/Berlin'), people()];
  const attendees = anywhere.map((clock, n) => ({ clock, zone: zoneOf(n) }));
  const quarter = { from, until: from + 90 * dayMs };
  const month = { from, until: from + 30 * dayMs };
  return [
    asked('`overlap` of all 50 in one zone, 90 days', 120, () => overlap(berlin, quarter)),
    asked('`overlap` of all 50 in five zones, 90 days', 120, () => overlap(anywhere, quarter)),
    asked('`overlap` of any 10 among 50, 90 days', 500, () =>
      overlap(anywhere, quarter, { atLeast: 10 }),
    ),
    asked('`bestSlot` of 15 minutes for 50, 30 days', 3_000, () =>
      bestSlot(attendees, { range: month, minutes: 15 }),
    ),
  ];
}

const given = Array.from({ length: 100 }, (_, n) => calendar(n));

export const build: Measure = {
  name: 'build two calendar-years, zone known',
  n: 200,
  target: { microseconds: 100 },
  run(n) {
    const start = Math.floor(from / windowMs) * windowMs;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const next = given[i % 100]!;
      const segments = zones.segments(next.zone, start, start + windowMs);
      sum += buildWindow(shiftsOf(next), segments, start).totalMs;
    }
    return sum;
  },
};
