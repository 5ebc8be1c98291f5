/** Measures in rounds: what else the machine does then falls on all of them, and shows in the spread. */
import { cpus, loadavg } from 'node:os';

export interface Measure {
  readonly name: string;
  /** How often one round asks. */
  readonly n: number;
  /** Returns a number that depends on every answer, so that nothing is optimised away. */
  readonly run: (n: number) => number;
  /** At least so many a second; or at most so many microseconds each. */
  readonly target?: { readonly perSecond: number } | { readonly microseconds: number };
}

export interface Result {
  readonly measure: Measure;
  /** Seconds for one question, each round's, the shortest first. */
  readonly seconds: readonly number[];
  /** Questions in the time that the calibration takes for one step, in the same round. */
  readonly ratio: number;
}

const rounds = 15;

/** Three operations on one number, each waiting for the one before. */
const calibration: Measure = {
  name: 'calibration: one step of xorshift',
  n: 2e6,
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

let checksum = 0;

function secondsEach({ n, run }: Measure): number {
  const start = performance.now();
  checksum += run(n) % 7;
  return (performance.now() - start) / 1_000 / n;
}

const middle = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? Number.NaN;
const ascending = (numbers: readonly number[]): readonly number[] =>
  numbers.toSorted((a, b) => a - b);

export function measured(measures: readonly Measure[]): readonly Result[] {
  const all = [calibration, ...measures];
  for (const measure of all) secondsEach(measure);
  const times = Array.from({ length: rounds }, () => all.map(secondsEach));
  return all.map((measure, index) => {
    const seconds = times.map((round) => round[index] ?? Number.NaN);
    const ratios = times.map((round, i) => (round[0] ?? Number.NaN) / (seconds[i] ?? Number.NaN));
    return { measure, seconds: ascending(seconds), ratio: middle(ascending(ratios)) };
  });
}

const rate = (perSecond: number): string =>
  perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(1)} M/s` : `${(perSecond / 1e3).toFixed(2)} k/s`;

const shown = (seconds: number, isRate: boolean): string =>
  isRate ? rate(1 / seconds) : `${(seconds * 1e6).toFixed(seconds < 1e-4 ? 1 : 0)} µs`;

/** One line of a table: the target, the median and the best round, and whether they reach it. */
export function line({ measure, seconds, ratio }: Result): string {
  const { name, target } = measure;
  const isRate = target === undefined || 'perSecond' in target;
  const [best = Number.NaN, median] = [seconds[0], middle(seconds)];
  const most = target && ('perSecond' in target ? 1 / target.perSecond : target.microseconds / 1e6);
  const asked = most === undefined ? '' : `${isRate ? '≥' : '≤'} ${shown(most, isRate)}`;
  const verdict =
    most === undefined ? '' : median <= most ? 'yes' : best <= most ? 'at best' : 'no';
  const cells = [name, asked, shown(median, isRate), shown(best, isRate), ratio.toExponential(2)];
  return `| ${[...cells, verdict].join(' | ')} |`;
}

export const tableHead = [
  '| question | target | median | best round | ratio | reached |',
  '|---|---|---|---|---|---|',
].join('\n');

export function machine(): string {
  const { node, v8, icu, tz } = process.versions;
  const load = loadavg()[0]?.toFixed(1);
  return (
    `${cpus()[0]?.model.trim()} × ${cpus().length}, load ${load} before; node ${node}, v8 ${v8}, ` +
    `ICU ${icu}, tz ${tz}; ${rounds} rounds of each.`
  );
}

export const proofOfWork = (): string => `checksum ${checksum.toFixed(3)}`;
