/** Working time in milliseconds, over as many windows as a question needs. */
import type { Instant } from '../loop.ts';
import {
  type TimeLimit,
  beyondHorizon,
  horizonMark,
  invalidQuestion,
  neverMark,
  outside,
  outsideMark,
  windowsPerQuestionMax,
} from './limit.ts';
import type { Range } from './range.ts';
import { type Room, makeRoom } from './room.ts';
import type { Timetable } from './timetable.ts';
import type { Window } from './window.ts';
import {
  intervalsWithin,
  isWorkingIn,
  lastMomentWorked,
  momentWorked,
  nextIn,
  nothingFound,
  previousIn,
  workedUntil,
  writeIntervals,
} from './window-questions.ts';
import { horizon, windowMs, windowsMax } from './zone.ts';

const reachMs = windowsPerQuestionMax * windowMs;

/** Answers are instants and milliseconds, or the mark of a limit. */
export interface ElapsedClock {
  readonly isWorking: (at: Instant) => boolean;
  readonly nextWorking: (at: Instant) => Instant;
  readonly previousWorking: (at: Instant) => Instant;
  readonly addMs: (from: Instant, ms: number) => Instant;
  readonly workedMs: (from: Instant, to: Instant) => number;
  readonly writeStretches: (range: Range, room: Room, at: number) => number | TimeLimit;
}

export const calendarClock = (timetable: Timetable): ElapsedClock => ({
  isWorking: (at) => {
    if (!isWithin(at)) return false;
    const there = window(timetable, indexOf(at));
    return isWorkingIn(there, at - there.from);
  },
  nextWorking: (at) => (isWithin(at) ? next(timetable, at) : outsideMark(at)),
  previousWorking: (at) => (isWithin(at) ? previous(timetable, at) : outsideMark(at)),
  addMs: (from, ms) => {
    if (!isWithin(from)) return outsideMark(from);
    if (!(Math.abs(ms) <= reachMs)) return outsideMark(ms);
    if (ms === 0) return from;
    return ms > 0 ? addForward(timetable, from, ms) : addBackward(timetable, from, -ms);
  },
  workedMs: (from, to) => {
    if (!isWithin(from)) return outsideMark(from);
    if (!isWithin(to)) return outsideMark(to);
    if (Math.abs(to - from) > reachMs) return horizonMark;
    return from <= to ? worked(timetable, from, to) : 0 - worked(timetable, to, from);
  },
  writeStretches: (range, room, at) =>
    rangeLimit(range) ?? writeStretches(timetable, range, { room, at }),
});

/** False for NaN. */
const isWithin = (at: number): boolean => at >= horizon.from && at < horizon.until;

/** A hair more, so that the first instant of a window is not counted to the one before. */
const perWindow = (1 + 2 ** -50) / windowMs;
const indexOf = (at: Instant): number => (at * perWindow) | 0;

const window = (timetable: Timetable, index: number): Window =>
  timetable.windows[index] ?? timetable.build(index);

function next(timetable: Timetable, at: Instant): Instant {
  const first = indexOf(at);
  const opening = window(timetable, first);
  const found = nextIn(opening, at - opening.from);
  if (found !== nothingFound) return opening.from + found;
  return firstAfter(timetable, first + 1);
}

function firstAfter(timetable: Timetable, first: number): Instant {
  if (timetable.shifts.isEmpty) return neverMark;
  const reach = first + windowsPerQuestionMax;
  for (let index = first; index < reach; index++) {
    if (index >= windowsMax) return horizonMark;
    const later = window(timetable, index);
    if (later.count > 0) return later.from + nextIn(later, 0);
  }
  return neverMark;
}

function previous(timetable: Timetable, at: Instant): Instant {
  if (timetable.shifts.isEmpty) return neverMark;
  const last = indexOf(at);
  const reach = last - windowsPerQuestionMax;
  let until = at - last * windowMs;
  for (let index = last; index >= reach; index--) {
    if (index < 0) return horizonMark;
    const earlier = window(timetable, index);
    const found = previousIn(earlier, until);
    if (found !== nothingFound) return earlier.from + found;
    until = windowMs;
  }
  return neverMark;
}

function worked(timetable: Timetable, from: Instant, to: Instant): number {
  const last = indexOf(to);
  let sum = 0;
  let index = indexOf(from);
  const opening = window(timetable, index);
  for (; index < last; index++) sum += window(timetable, index).totalMs;
  const closing = window(timetable, last);
  return sum + workedUntil(closing, to - closing.from) - workedUntil(opening, from - opening.from);
}

function addForward(timetable: Timetable, from: Instant, ms: number): Instant {
  const first = indexOf(from);
  const opening = window(timetable, first);
  const near = from - opening.from;
  const target = workedUntil(opening, near) + ms;
  if (target <= opening.totalMs) return opening.from + momentWorked(opening, target, near);
  if (timetable.shifts.isEmpty) return neverMark;
  let left = target - opening.totalMs;
  const reach = first + windowsPerQuestionMax;
  for (let index = first + 1; index <= reach; index++) {
    if (index >= windowsMax) return horizonMark;
    const later = window(timetable, index);
    if (left <= later.totalMs) return later.from + momentWorked(later, left, 0);
    left -= later.totalMs;
  }
  return left === ms ? neverMark : horizonMark;
}

function addBackward(timetable: Timetable, from: Instant, ms: number): Instant {
  const last = indexOf(from);
  const closing = window(timetable, last);
  const near = from - closing.from;
  let left = ms - workedUntil(closing, near);
  if (left <= 0) return closing.from + lastMomentWorked(closing, -left, near);
  if (timetable.shifts.isEmpty) return neverMark;
  const reach = last - windowsPerQuestionMax;
  for (let index = last - 1; index >= reach; index--) {
    if (index < 0) return horizonMark;
    const earlier = window(timetable, index);
    left -= earlier.totalMs;
    if (left <= 0) return earlier.from + lastMomentWorked(earlier, -left, windowMs);
  }
  return left === ms ? neverMark : horizonMark;
}

/** What is wrong with a range to be looked at in full, if anything. */
export function rangeLimit({ from, until }: Range, mostMs = reachMs): TimeLimit | undefined {
  if (!isWithin(from)) return outside(from);
  if (!isWithin(until)) return outside(until);
  if (until < from) return invalidQuestion;
  return until - from > mostMs ? beyondHorizon : undefined;
}

function writeStretches(
  timetable: Timetable,
  { from, until }: Range,
  { room, at }: { readonly room: Room; readonly at: number },
): number {
  const last = from < until ? indexOf(until) : -1;
  let next = at;
  for (let index = indexOf(from); index <= last; index++) {
    const there = window(timetable, index);
    const [start, end] = [Math.max(from - there.from, 0), until - there.from];
    const into = makeRoom(room, next + 2 * intervalsWithin(there, start, end));
    next = writeIntervals(there, [start, end], { into, first: at, next });
  }
  return next;
}
