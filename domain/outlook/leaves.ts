/** Leaves of an owner that nobody covers. */
import type { Absence } from '../time/calendar.ts';
import { dayNumber } from '../time/calendar.ts';
import type { Instant } from '../loop.ts';
import type { Range } from '../time/range.ts';
import { atWall } from '../time/wall.ts';
import { dayMs, minuteMs } from '../time/zone.ts';
import type { AccountFacts, Owner } from './facts.ts';
import type { Horizon } from './look-ahead.ts';
import { left, total, within } from './stretches.ts';

export interface Leave extends Range {
  readonly firstDay: string;
}

/** A shift belongs to the day it begins on, so an absence can take work of the day after. */
const shiftPastEndMs = dayMs;

/**
 * Those to which more working time of the owner falls than the limit, covers taken off, as long as
 * some of that is still to come. Absences with no work between them are one leave.
 */
export function leavesOf(facts: AccountFacts, look: Horizon): readonly Leave[] {
  const { owner, ownedSince, covers, limits } = facts;
  const { book, now } = look;
  const range = { from: Math.max(book.range.from, ownedSince), until: book.range.until };
  return joined(absencesOf(owner, look), facts, look).filter(({ from, until }) => {
    const uncovered = left(
      {
        from: Math.max(from, range.from),
        until: Math.max(from, Math.min(until + shiftPastEndMs, range.until)),
      },
      covers,
    );
    const lost = uncovered.flatMap((part) =>
      within(book.workOf(owner, 'present'), part).flatMap((work) =>
        left(work, within(book.workOf(owner, 'asPlanned'), work)),
      ),
    );
    const isToCome = lost.some((part) => part.until > now);
    return isToCome && total(lost) >= limits.leaveMinutes * minuteMs;
  });
}

/** Those that reach into what is looked at, by their beginning. */
function absencesOf({ calendar }: Owner, { book, zoneData }: Horizon): readonly Leave[] {
  const leaves = calendar.absences.flatMap(({ firstDay, lastDay }: Absence): Leave[] => {
    const [from, until] = [
      midnight(calendar.zone, dayNumber(firstDay) ?? 0, zoneData),
      midnight(calendar.zone, (dayNumber(lastDay) ?? 0) + 1, zoneData),
    ];
    return from === null || until === null ? [] : [{ firstDay, from, until }];
  });
  return leaves
    .filter(({ from, until }) => until > book.range.from && from < book.range.until)
    .toSorted((a, b) => a.from - b.from);
}

function midnight(zone: string, day: number, zoneData: Horizon['zoneData']): Instant | null {
  const begins = atWall(zone, { day, minute: 0 }, zoneData);
  return 'reason' in begins ? null : begins.at;
}

function joined(
  leaves: readonly Leave[],
  { owner }: AccountFacts,
  { book }: Horizon,
): readonly Leave[] {
  const found: Leave[] = [];
  for (const next of leaves) {
    const before = found.at(-1);
    const between = before && { from: before.until, until: next.from };
    const isOne = between && within(book.workOf(owner, 'asPlanned'), between).length === 0;
    if (before && isOne) {
      found[found.length - 1] = { ...before, until: Math.max(before.until, next.until) };
    } else found.push(next);
  }
  return found;
}
