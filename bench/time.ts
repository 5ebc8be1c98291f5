/**
 * How fast the working-time engine answers. Absolute figures hold on the machine they are printed
 * for; the ratio to the calibration loop of the same run compares machines.
 */
import { cpus } from 'node:os';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import { type WorkingClock, isLimit, openCalendar } from '../domain/time/working-time.ts';
import { shiftsOf } from '../domain/time/shifts.ts';
import { buildWindow } from '../domain/time/window.ts';
import { runtimeZones, windowMs } from '../domain/time/zone.ts';

const rounds = 9;
const dayMs = 86_400_000;
const from = Date.parse('2026-06-01T00:00:00Z');

const week = (start: number): WorkingCalendar['week'] => {
  const hours = [
    [start, 720],
    [780, start + 540],
  ] as const;
  return { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] };
};

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'America/Sao_Paulo',
  'Asia/Dubai',
];

const day = (year: number, ...parts: readonly number[]): string =>
  [year, ...parts.map((part) => String(part).padStart(2, '0'))].join('-');

const calendar = (n: number): WorkingCalendar => ({
  zone: zones[n % zones.length] ?? 'UTC',
  week: week(420 + (n % 120)),
  days: Array.from({ length: 36 }, (_, i) => ({
    day: day(2025 + Math.trunc(i / 12), 1 + (i % 12), 1 + (n % 28)),
    kind: 'off',
  })),
  absences: [{ firstDay: '2026-08-03', lastDay: `2026-08-${10 + (n % 15)}` }],
  revision: n,
});

/** Cheap, and never the same twice in a row. */
let state = 1;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 0) / 2 ** 32;
};

const instants = Float64Array.from({ length: 65_536 }, () =>
  Math.trunc(from + random() * 365 * dayMs),
);

interface Measure {
  readonly name: string;
  readonly n: number;
  /** Returns a number that depends on every answer, so that nothing is optimised away. */
  readonly run: (n: number) => number;
}

const count = (answer: number | object): number => (typeof answer === 'number' ? answer : 0);

const year = 330 * dayMs;

/** Each loop is written out: a shared one would call through a reference and measure that. */
const hot = (clock: WorkingClock): readonly Measure[] => [
  {
    name: 'isWorking, one calendar',
    n: 1e7,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += clock.isWorking(instants[i & 65_535]!) ? 1 : 0;
      return sum;
    },
  },
  {
    name: 'nextWorking, one calendar',
    n: 1e7,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.nextWorking(instants[i & 65_535]!));
      return sum;
    },
  },
  {
    name: 'add 8 h, one calendar',
    n: 5e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.add(instants[i & 65_535]!, 480));
      return sum;
    },
  },
  {
    name: 'add -8 h, one calendar',
    n: 5e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += count(clock.add(instants[i & 65_535]!, -480));
      return sum;
    },
  },
  {
    name: 'between, over a year',
    n: 5e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & 65_535]!;
        sum += count(clock.between(at - year, at));
      }
      return sum;
    },
  },
];

const scattered = (clocks: readonly WorkingClock[]): readonly Measure[] => [
  {
    name: 'isWorking, 2,000 calendars',
    n: 1e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & 65_535]!;
        sum += clocks[(random() * 2_000) | 0]!.isWorking(at) ? 1 : 0;
      }
      return sum;
    },
  },
  {
    name: 'add 8 h, 2,000 calendars',
    n: 1e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & 65_535]!;
        sum += count(clocks[(random() * 2_000) | 0]!.add(at, 480));
      }
      return sum;
    },
  },
  {
    name: 'between, 2,000 calendars',
    n: 1e6,
    run(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = instants[i & 65_535]!;
        sum += count(clocks[(random() * 2_000) | 0]!.between(at - year / 2, at));
      }
      return sum;
    },
  },
];

const given = Array.from({ length: 100 }, (_, n) => calendar(n));

const build: Measure = {
  name: 'build two calendar-years, cached zone',
  n: 2_000,
  run(n) {
    const index = Math.floor(from / windowMs);
    const start = index * windowMs;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const next = given[i % 100]!;
      const segments = runtimeZones.segments(next.zone, start, start + windowMs);
      sum += buildWindow(shiftsOf(next), segments, start).totalMs;
    }
    return sum;
  },
};

const calibration: Measure = {
  name: 'calibration: xorshift',
  n: 5e7,
  run(n) {
    let x = 1;
    for (let i = 0; i < n; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
    }
    return x;
  },
};

const perSecond = ({ n, run }: Measure): number => {
  const start = performance.now();
  checksum += run(n) % 7;
  return (n / (performance.now() - start)) * 1_000;
};

let checksum = 0;

const rate = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(2)} M/s` : `${(value / 1e3).toFixed(2)} k/s`;

function report(measure: Measure, calibrated: number): void {
  const rates = Array.from({ length: rounds }, () => perSecond(measure)).sort((a, b) => a - b);
  const [least = 0, median = 0, most = 0] = [rates[0], rates[rounds >> 1], rates[rounds - 1]];
  const ratio = (median / calibrated).toExponential(2);
  const nanoseconds = (1e9 / median).toFixed(0);
  process.stdout.write(
    `${measure.name.padEnd(40)} n ${String(measure.n).padStart(9)}  median ${rate(median).padStart(11)}` +
      `  (${rate(least)} – ${rate(most)})  ${nanoseconds.padStart(7)} ns  ratio ${ratio}\n`,
  );
}

/** Each zone once: nothing is cached yet. */
function reportZones(): void {
  const names = Intl.supportedValuesOf('timeZone').slice(0, 200);
  const each = names.map((name) => {
    const start = performance.now();
    checksum += runtimeZones.segments(name, 40 * windowMs, 41 * windowMs).length;
    return ((performance.now() - start) / 2) * 1_000;
  });
  each.sort((a, b) => a - b);
  const [least = 0, median = 0, most = 0] = [each[0], each[names.length >> 1], each.at(-1)];
  process.stdout.write(
    `${'zone-year, uncached'.padEnd(40)} n ${String(names.length).padStart(9)}  median ` +
      `${median.toFixed(0)} µs  (${least.toFixed(0)} – ${most.toFixed(0)})\n`,
  );
}

const { node, v8, tz, icu } = process.versions;
process.stdout.write(
  `${cpus()[0]?.model} × ${cpus().length}, node ${node}, v8 ${v8}, ICU ${icu}, tz ${tz}; ` +
    `${rounds} rounds each: median (min – max), ratio to calibration\n`,
);
reportZones();
const warm = [...hot(openCalendar(calendar(0))), build, calibration];
for (const measure of warm) perSecond(measure);
const calibrated = perSecond(calibration);
report(calibration, calibrated);
for (const measure of hot(openCalendar(calendar(0)))) report(measure, calibrated);
const clocks = Array.from({ length: 2_000 }, (_, n) => openCalendar(calendar(n)));
for (const clock of clocks) checksum += isLimit(clock.between(from, from + 300 * dayMs)) ? 1 : 0;
for (const measure of scattered(clocks)) report(measure, calibrated);
report(build, calibrated);
process.stdout.write(`checksum ${checksum}\n`);
