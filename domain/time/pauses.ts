/** Time on hold, taken out of working time. */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import type { ElapsedClock } from './elapsed.ts';
import { isLimit, isMark } from './limit.ts';
import { type Room, makeRoom } from './room.ts';
import { horizon } from './zone.ts';

/** Half-open; one that has not ended yet ends at Infinity. */
export type Pause = readonly [from: Instant, until: Instant];

export function pausedClock(clock: ElapsedClock, given: readonly Pause[]): ElapsedClock {
  const pauses = merged(given);
  return {
    isWorking: (at) =>
      !pauses.some(([from, until]) => from <= at && at < until) && clock.isWorking(at),
    nextWorking: (at) => next(clock, pauses, at),
    previousWorking: (at) => previous(clock, pauses, at),
    addMs: (from, ms) =>
      ms < 0 ? addBackward(clock, pauses, { from, ms }) : addForward(clock, pauses, { from, ms }),
    workedMs: (from, to) =>
      from <= to ? worked(clock, pauses, [from, to]) : negated(worked(clock, pauses, [to, from])),
    writeStretches: (range, room, at) => {
      const end = clock.writeStretches(range, room, at);
      return isLimit(end) ? end : cutOut(pauses, room, [at, end]);
    },
  };
}

/** Sorted and apart, within the horizon; empty ones dropped. */
function merged(pauses: readonly Pause[]): readonly Pause[] {
  const apart: Pause[] = [];
  for (const [from, until] of pauses.toSorted(([a], [b]) => a - b)) {
    assert(from <= until, 'a pause ends after it begins');
    const last = apart.at(-1);
    if (last && from <= last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], until)];
    else if (from < until) apart.push([from, until]);
  }
  return apart.map(([from, until]) => [
    Math.max(from, horizon.from),
    Math.min(until, horizon.until),
  ]);
}

function next(clock: ElapsedClock, pauses: readonly Pause[], at: Instant): Instant {
  let found = clock.nextWorking(at);
  for (const [from, until] of pauses) {
    if (isMark(found)) return found;
    if (from <= found && found < until) found = clock.nextWorking(until);
  }
  return found;
}

function previous(clock: ElapsedClock, pauses: readonly Pause[], at: Instant): Instant {
  let found = clock.previousWorking(at);
  for (const [from, until] of pauses.toReversed()) {
    if (isMark(found)) return found;
    if (from < found && found <= until) found = clock.previousWorking(from);
  }
  return found;
}

interface Addition {
  readonly from: Instant;
  readonly ms: number;
}

function addForward(
  clock: ElapsedClock,
  pauses: readonly Pause[],
  { from, ms }: Addition,
): Instant {
  if (ms === 0 || Number.isNaN(from)) return clock.addMs(from, ms);
  let [at, left] = [from, ms];
  for (const [begins, ends] of pauses) {
    if (ends <= at) continue;
    const done = begins > at ? clock.workedMs(at, begins) : 0;
    if (isMark(done) || done >= left) break;
    [at, left] = [ends, left - done];
  }
  return clock.addMs(at, left);
}

function addBackward(
  clock: ElapsedClock,
  pauses: readonly Pause[],
  { from, ms }: Addition,
): Instant {
  if (Number.isNaN(from)) return clock.addMs(from, ms);
  let [at, left] = [from, -ms];
  for (const [begins, ends] of pauses.toReversed()) {
    if (begins >= at) continue;
    const done = ends < at ? clock.workedMs(ends, at) : 0;
    if (isMark(done) || done >= left) break;
    [at, left] = [begins, left - done];
  }
  return clock.addMs(at, -left);
}

function worked(
  clock: ElapsedClock,
  pauses: readonly Pause[],
  [from, to]: readonly [Instant, Instant],
): number {
  let sum = clock.workedMs(from, to);
  for (const [begins, ends] of pauses) {
    if (isMark(sum)) return sum;
    const [start, end] = [Math.max(from, begins), Math.min(to, ends)];
    if (start >= end) continue;
    const paused = clock.workedMs(start, end);
    if (isMark(paused)) return paused;
    sum -= paused;
  }
  return sum;
}

const negated = (worked: number): number => (isMark(worked) ? worked : 0 - worked);

/** Takes them out of the stretches between two places of the room; returns the new end. */
function cutOut(
  pauses: readonly Pause[],
  room: Room,
  [from, until]: readonly [number, number],
): number {
  const stretches = room.numbers.slice(from, until);
  const into = makeRoom(room, until + 2 * pauses.length);
  let next = from;
  let passed = 0;
  for (let i = 0; i < stretches.length; i += 2) {
    let start = stretches[i]!;
    const end = stretches[i + 1]!;
    while (passed < pauses.length && pauses[passed]![1] <= start) passed++;
    for (let p = passed; p < pauses.length && pauses[p]![0] < end; p++) {
      const [begins, ends] = pauses[p]!;
      if (start < begins) {
        into[next++] = start;
        into[next++] = begins;
      }
      start = ends;
    }
    if (start < end) {
      into[next++] = start;
      into[next++] = end;
    }
  }
  return next;
}
