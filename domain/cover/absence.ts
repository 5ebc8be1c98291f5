/** Which days of an absence are to be covered next, on the wall of whoever is absent. */
import { present } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { dayNumber, dayText } from '../time/calendar.ts';
import { atWall } from '../time/wall.ts';
import { wallTime } from '../time/zone.ts';
import { type Window, windowDaysMax } from './state.ts';

/** As many days as a window has at most, less one: a day on the wall may be longer than 24 hours. */
const pieceDays = windowDaysMax - 1;

export interface AbsentDays {
  /** IANA. */
  readonly zone: string;
  /** Such as `2026-11-24`; both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Where the covers of this absence end; null before the first. */
  readonly coveredUntil: Instant | null;
  /** When the account is promised already, whatever for. */
  readonly taken: readonly Window[];
}

export interface Piece {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly window: Window;
}

/** Null: nothing of it begins by `until`, it is covered, or its midnights cannot be told. */
export function nextPiece(absent: AbsentDays, until: string): Piece | null {
  const { zone, coveredUntil, taken } = absent;
  const [from, to, by] = [absent.firstDay, absent.lastDay, until].map((day) =>
    present(dayNumber(day), 'a day'),
  ) as [number, number, number];
  const first = coveredUntil === null ? from : Math.max(from, wallTime(coveredUntil, zone).day);
  const last = Math.min(to, first + pieceDays - 1);
  if (first > Math.min(to, by)) return null;
  const window = windowOf(zone, first, last);
  if (!window || taken.some((one) => one.from < window.until && window.from < one.until))
    return null;
  return { firstDay: dayText(first), lastDay: dayText(last), window };
}

/** From midnight to midnight; null where they cannot be told. */
export function windowOf(zone: string, first: number, last: number): Window | null {
  const from = atWall(zone, { day: first, minute: 0 });
  const until = atWall(zone, { day: last + 1, minute: 0 });
  return 'reason' in from || 'reason' in until ? null : { from: from.at, until: until.at };
}
