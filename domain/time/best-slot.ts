/** When a meeting costs the people in it least. */
import type { Instant } from '../loop.ts';
import { rangeLimit } from './elapsed.ts';
import {
  type Gap,
  distanceMs,
  isRest,
  outsideMs,
  pointsPerNight,
  pointsPerNightMinute,
  pointsPerRestMinute,
  restMissingMs,
} from './inconvenience.ts';
import { type TimeLimit, invalidQuestion } from './limit.ts';
import { clocksMax } from './overlap.ts';
import type { Range } from './range.ts';
import {
  type Attendee,
  type Burden,
  type SlotCost,
  burdenOf,
  costOf,
  nightsOf,
} from './slot-cost.ts';
import { type ZoneData, dayMs, minuteMs, zones } from './zone.ts';

export interface MeetingWanted {
  /** The whole meeting lies within. */
  readonly range: Range;
  readonly minutes: number;
  /** It begins at a whole multiple of so many minutes since 1970, UTC. */
  readonly everyMinutes?: number;
}

export interface Slot extends Range {
  /** Of whoever it costs most, and of all together. */
  readonly worst: number;
  readonly sum: number;
  /** In the order of the attendees. */
  readonly people: readonly SlotCost[];
}

export const slotRangeDaysMax = 92;
export const slotMinutesMax = 24 * 60;
export const everyMinutesMin = 5;
export const soFarMax = 10_000_000;

/**
 * The slot with the least points for whoever it costs most; among those, the least points of all;
 * among those, the earliest. `invalid`: nobody or more than 500 attend; minutes are not whole, or
 * not 1 to 1440 (every 5 to 1440); `soFar` is not 0 to ten million; no slot fits into the range.
 * `horizon`: the range is longer than 92 days, or not within what is known.
 */
export function bestSlot(
  attendees: readonly Attendee[],
  wanted: MeetingWanted,
  zoneData: ZoneData = zones,
): Slot | TimeLimit {
  const grid = gridOf(wanted);
  if ('reason' in grid) return grid;
  if (attendees.length === 0 || attendees.length > clocksMax) return invalidQuestion;
  if (!attendees.every(({ soFar = 0 }) => soFar >= 0 && soFar <= soFarMax)) return invalidQuestion;
  const nightsIn = nightsOf(wanted.range, zoneData);
  const burdens: Burden[] = [];
  for (const attendee of attendees) {
    const burden = burdenOf(attendee, wanted.range, nightsIn(attendee.zone));
    if ('reason' in burden) return burden;
    burdens.push(burden);
  }
  return slotAt(leastIndex(burdens, grid), burdens, grid);
}

/** Starts that are tried: `first`, and `count` in all, one every `stepMs`. */
interface Grid {
  readonly first: Instant;
  readonly stepMs: number;
  readonly count: number;
  readonly lengthMs: number;
}

const isWhole = (number: number, least: number, most: number): boolean =>
  Number.isInteger(number) && number >= least && number <= most;

function gridOf({ range, minutes, everyMinutes = 15 }: MeetingWanted): Grid | TimeLimit {
  const limit = rangeLimit(range, slotRangeDaysMax * dayMs);
  if (limit) return limit;
  const isAsked =
    isWhole(minutes, 1, slotMinutesMax) && isWhole(everyMinutes, everyMinutesMin, slotMinutesMax);
  if (!isAsked) return invalidQuestion;
  const [stepMs, lengthMs] = [everyMinutes * minuteMs, minutes * minuteMs];
  const first = Math.ceil(range.from / stepMs) * stepMs;
  const count = Math.floor((range.until - lengthMs - first) / stepMs) + 1;
  return count > 0 ? { first, stepMs, count, lengthMs } : invalidQuestion;
}

/**
 * A few slots first: whatever then costs somebody more than the best of them is looked at no further.
 * Points are milliseconds while they are compared, so that equal ones are equal.
 */
function leastIndex(burdens: readonly Burden[], grid: Grid): number {
  const few = {
    ...grid,
    stepMs: grid.stepMs * fewEvery,
    count: Math.ceil(grid.count / fewEvery),
  };
  const found = weigh(burdens, few, Infinity);
  const bound = found.worst[leastOf(found)]!;
  return leastOf(weigh(burdens, grid, bound));
}

const fewEvery = 16;

/** By slot. Above the bound, whatever had been added when it was passed. */
interface Weights {
  readonly worst: Float64Array;
  readonly sums: Float64Array;
}

function weigh(burdens: readonly Burden[], grid: Grid, bound: number): Weights {
  const own = new Float64Array(grid.count);
  const worst = new Float64Array(grid.count);
  const sums = new Float64Array(grid.count);
  const into = { own, worst, bound };
  for (const burden of burdens) {
    own.fill(0);
    for (const gap of burden.gaps) addGap(into, gap, grid);
    addNights(into, burden.nights, grid);
    for (let i = 0; i < own.length; i++) {
      if (own[i] === 0) continue;
      const points = own[i]! + burden.soFarMs;
      sums[i]! += points;
      if (points > worst[i]!) worst[i] = points;
    }
  }
  return { worst, sums };
}

function leastOf({ worst, sums }: Weights): number {
  let least = 0;
  for (let i = 1; i < worst.length; i++) {
    if (worst[i]! > worst[least]!) continue;
    if (worst[i]! < worst[least]! || sums[i]! < sums[least]!) least = i;
  }
  return least;
}

/** One person's points by slot; slots that are out already get none. */
interface Own {
  readonly own: Float64Array;
  readonly worst: Float64Array;
  readonly bound: number;
}

/** The slots that a gap touches: from the first, to before the second. */
const firstIn = (gap: Gap, { first, stepMs, lengthMs }: Grid): number =>
  Math.max(0, Math.floor((gap.from - lengthMs - first) / stepMs) + 1);
const endOf = (gap: Gap, { first, stepMs, count }: Grid): number =>
  Math.min(count, Math.ceil((gap.until - first) / stepMs));

function addGap({ own, worst, bound }: Own, gap: Gap, grid: Grid): void {
  const { first, stepMs, lengthMs } = grid;
  const rest = isRest(gap);
  const end = endOf(gap, grid);
  for (let i = firstIn(gap, grid); i < end; i++) {
    if (worst[i]! > bound) continue;
    const before = first + i * stepMs - gap.from;
    const after = gap.until - (first + i * stepMs + lengthMs);
    const missing = rest ? restMissingMs(before, after) * pointsPerRestMinute : 0;
    own[i]! += outsideMs(lengthMs, before, after) + distanceMs(before, after) + missing;
  }
}

function addNights({ own, worst, bound }: Own, nights: readonly Gap[], grid: Grid): void {
  const { first, stepMs, lengthMs } = grid;
  let broken = 0;
  for (const night of nights) {
    const end = endOf(night, grid);
    for (let i = firstIn(night, grid); i < end; i++) {
      if (worst[i]! > bound) continue;
      const before = first + i * stepMs - night.from;
      const after = night.until - (first + i * stepMs + lengthMs);
      const once = i < broken ? 0 : pointsPerNight * minuteMs;
      own[i]! += outsideMs(lengthMs, before, after) * pointsPerNightMinute + once;
    }
    broken = end;
  }
}

function slotAt(index: number, burdens: readonly Burden[], grid: Grid): Slot {
  const from = grid.first + index * grid.stepMs;
  const slot = { from, until: from + grid.lengthMs };
  const people = burdens.map((burden) => costOf(slot, burden));
  const points = people.map((person) => person.points);
  return {
    ...slot,
    worst: Math.max(...points),
    sum: points.reduce((sum, each) => sum + each, 0),
    people,
  };
}
