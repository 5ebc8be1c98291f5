/** Work that goes on around the world: who holds it when, until it is done. */
import type { Instant } from '../loop.ts';
import { rangeLimit } from './elapsed.ts';
import { type TimeLimit, beyondHorizon, invalidQuestion, isLimit, neverWorking } from './limit.ts';
import { clocksMax } from './overlap.ts';
import type { Range } from './range.ts';
import type { WorkingClock } from './working-time.ts';
import { dayMs, horizon, minuteMs } from './zone.ts';

export interface WorkToPass {
  readonly minutes: number;
  /** A holder who is back within so many minutes keeps the work: a lunch. 60 unless told. */
  readonly breakMinutesMax?: number;
}

/** Who holds the work and works on it; people are indexes of the clocks. */
export interface Leg extends Range {
  readonly holder: number;
}

/** Nobody works on it: its holder has a break, or nobody at all is at work and nobody holds it. */
export interface Standstill extends Range {
  readonly heldBy: number | null;
}

/** Both are at work before the work passes, at `until`, from one to the other. */
export interface HandoverWindow extends Range {
  readonly giver: number;
  readonly receiver: number;
}

/** Legs and gaps follow each other without a hole from the start to `doneAt`. */
export interface SunPlan {
  readonly legs: readonly Leg[];
  readonly gaps: readonly Standstill[];
  readonly overlaps: readonly HandoverWindow[];
  readonly doneAt: Instant;
}

export const breakMinutesMost = 24 * 60;

/** Days looked at, a few first; and how far the choice of a holder looks beyond the work's end. */
const reachDays = [14, 92, 367] as const;
const choiceMs = dayMs;

/**
 * Whoever holds the work keeps it until they stop; then it goes to whoever of those at work stays
 * longest in the next 24 hours, breaks included, the first of the clocks when several do. Nobody at
 * work: it waits for whoever begins first. `invalid`: nobody or more than 500 clocks, minutes that
 * are no number or below 0, a break of more than a day. `horizon`: not done within a year.
 */
export function followTheSun(
  clocks: readonly WorkingClock[],
  from: Instant,
  { minutes, breakMinutesMax = 60 }: WorkToPass,
): SunPlan | TimeLimit {
  if (clocks.length === 0 || clocks.length > clocksMax) return invalidQuestion;
  if (!(minutes >= 0) || !(breakMinutesMax >= 0 && breakMinutesMax <= breakMinutesMost)) {
    return invalidQuestion;
  }
  const limit = rangeLimit({ from, until: from });
  if (limit) return limit;
  const work = { ms: Math.round(minutes * minuteMs), breakMs: breakMinutesMax * minuteMs };
  for (const days of reachDays) {
    const until = Math.min(from + days * dayMs, horizon.until - 1);
    const each: Float64Array[] = [];
    for (const clock of clocks) {
      const stretches = clock.stretches({ from, until });
      if ('reason' in stretches) return stretches;
      each.push(stretches);
    }
    const plan = passed(each, from, work);
    if (plan && plan.doneAt + choiceMs <= until) return plan;
  }
  const isNever = clocks.every((clock) => isNeverWorking(clock.nextWorking(from)));
  return isNever ? neverWorking : beyondHorizon;
}

const isNeverWorking = (next: Instant | TimeLimit): boolean =>
  isLimit(next) && next.reason === 'neverWorking';

interface Work {
  readonly ms: number;
  readonly breakMs: number;
}

/** Undefined when the stretches end before the work does. */
function passed(each: readonly Float64Array[], from: Instant, work: Work): SunPlan | undefined {
  const legs: Leg[] = [];
  const gaps: Standstill[] = [];
  const overlaps: HandoverWindow[] = [];
  let at = from;
  let left = work.ms;
  while (left > 0) {
    const beginning = { from: at, until: nextStart(each, at) };
    if (beginning.until === Infinity) return undefined;
    if (beginning.until > at) gaps.push({ ...beginning, heldBy: null });
    at = beginning.until;
    const holder = longestAtWork(each, at, work.breakMs);
    const stretches = each[holder]!;
    let i = stretchAt(stretches, at);
    const giver = legs.at(-1);
    if (giver?.until === at) {
      const both = { from: Math.max(giver.from, stretches[i]!), until: at };
      if (both.from < at) overlaps.push({ ...both, giver: giver.holder, receiver: holder });
    }
    for (;;) {
      const until = Math.min(stretches[i + 1]!, at + left);
      legs.push({ holder, from: at, until });
      left -= until - at;
      at = until;
      i += 2;
      const back = stretches[i] ?? Infinity;
      if (left === 0 || back - at > work.breakMs) break;
      gaps.push({ from: at, until: back, heldBy: holder });
      at = back;
    }
  }
  return { legs, gaps, overlaps, doneAt: at };
}

/** Where the first stretch that ends after `at` is; the length when none does. */
function stretchAt(stretches: Float64Array, at: Instant): number {
  let [low, high] = [0, stretches.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stretches[2 * middle + 1]! > at) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

/** `at` itself when somebody is at work; Infinity when nobody will be. */
function nextStart(each: readonly Float64Array[], at: Instant): Instant {
  const starts = each.map((stretches) => stretches[stretchAt(stretches, at)] ?? Infinity);
  return Math.max(at, Math.min(...starts));
}

function longestAtWork(each: readonly Float64Array[], at: Instant, breakMs: number): number {
  let [holder, longest] = [-1, at];
  for (const [index, stretches] of each.entries()) {
    const until = atWorkUntil(stretches, at, breakMs);
    if (until > longest) [holder, longest] = [index, until];
  }
  return holder;
}

/** When somebody stops who is at work at `at`, breaks passed over, within a day; else `at`. */
function atWorkUntil(stretches: Float64Array, at: Instant, breakMs: number): Instant {
  let i = stretchAt(stretches, at);
  let until = at;
  while (i < stretches.length && stretches[i]! - until <= (until === at ? 0 : breakMs)) {
    until = stretches[i + 1]!;
    if (until >= at + choiceMs) return at + choiceMs;
    i += 2;
  }
  return until;
}
