/** When several people are at work together. */
import { rangeLimit } from './elapsed.ts';
import { type TimeLimit, invalidQuestion, isLimit } from './limit.ts';
import type { Range } from './range.ts';
import { makeRoom, roomOf } from './room.ts';
import { changes } from './changes.ts';
import type { WorkingClock } from './working-time.ts';
import { windowMs } from './zone.ts';

/** Whoever asks about more people asks about them in groups. */
export const clocksMax = 500;
export const overlapRangeMaxMs = windowMs;

/**
 * The stretches of `range` in which at least `atLeast` of the clocks (all, unless told) are working
 * at once: in order, apart, and each as long as can be. `invalid`: nobody is asked about, or more
 * than `clocksMax`; `atLeast` is not one of 1 to their number; the range ends before it begins.
 * `horizon`: the range is longer than two years, or not within what is known.
 */
export function overlap(
  clocks: readonly WorkingClock[],
  range: Range,
  { atLeast = clocks.length }: { readonly atLeast?: number } = {},
): readonly Range[] | TimeLimit {
  if (clocks.length === 0 || clocks.length > clocksMax) return invalidQuestion;
  if (!Number.isInteger(atLeast) || atLeast < 1 || atLeast > clocks.length) return invalidQuestion;
  const limit = rangeLimit(range, overlapRangeMaxMs);
  if (limit) return limit;
  const end = atLeast === clocks.length ? allOf(clocks, range) : someOf(clocks, { range, atLeast });
  return isLimit(end) ? end : ranges(end);
}

/** One clock's stretches, what is found so far, and what will be next. */
const own = roomOf(1_024);
const common = roomOf(1_024);
const next = roomOf(1_024);

function allOf(clocks: readonly WorkingClock[], range: Range): number | TimeLimit {
  let end = -1;
  for (const clock of clocks) {
    const ownEnd = clock.writeStretches(range, end < 0 ? common : own, 0);
    if (isLimit(ownEnd)) return ownEnd;
    end = end < 0 ? ownEnd : intersect(end, ownEnd);
  }
  return end;
}

/** Leaves in `common` what `own` has too; returns where it ends. */
function intersect(end: number, ownEnd: number): number {
  const [some, others] = [common.numbers, own.numbers];
  const into = makeRoom(next, end + ownEnd);
  let at = 0;
  let [i, k] = [0, 0];
  while (i < end && k < ownEnd) {
    const from = some[i]!;
    const until = some[i + 1]!;
    const otherFrom = others[k]!;
    const otherUntil = others[k + 1]!;
    const start = from > otherFrom ? from : otherFrom;
    // Written out on both sides: one branch to foresee instead of two.
    if (until < otherUntil) {
      if (start < until) {
        into[at] = start;
        into[at + 1] = until;
        at += 2;
      }
      i += 2;
    } else {
      if (start < otherUntil) {
        into[at] = start;
        into[at + 1] = otherUntil;
        at += 2;
      }
      k += 2;
    }
  }
  [common.numbers, next.numbers] = [into, some];
  return at;
}

function someOf(
  clocks: readonly WorkingClock[],
  { range, atLeast }: { readonly range: Range; readonly atLeast: number },
): number | TimeLimit {
  const working = changes(range);
  for (const clock of clocks) {
    const end = clock.writeStretches(range, own, 0);
    if (isLimit(end)) return end;
    working.note(own.numbers, end);
  }
  const into = makeRoom(common, working.count() + 1);
  return working.reaching(atLeast, into);
}

function ranges(end: number): readonly Range[] {
  const { numbers } = common;
  const found: Range[] = [];
  for (let i = 0; i < end; i += 2) found.push({ from: numbers[i]!, until: numbers[i + 1]! });
  return found;
}
