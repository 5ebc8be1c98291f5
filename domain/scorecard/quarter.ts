/**
 * Scorecards are of quarters: whole, apart, and the same for everybody, so that nobody learns of a
 * single handoff by asking for the days around it.
 */
import { assert, present } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { dayNumber } from '../time/calendar.ts';
import type { Range } from '../time/range.ts';
import { atWall } from '../time/wall.ts';
import { wallTime } from '../time/zone.ts';

/** Such as `2026-Q4`. */
export type Quarter = string;
export const quarterPattern = /^20[0-9]{2}-Q[1-4]$/;

/** Counted in quarters since the year 0. */
const numberOf = (quarter: Quarter): number =>
  Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(6)) - 1;

/** So many quarters later; earlier where it is negative. */
export function quarterAfter(quarter: Quarter, quarters: number): Quarter {
  const number = numberOf(quarter) + quarters;
  return `${Math.floor(number / 4)}-Q${(number % 4) + 1}`;
}

/** The quarter that a clock on this wall is in. */
export function quarterAt(at: Instant, zone: string): Quarter {
  const wall = new Date(wallTime(at, zone).day * 86_400_000);
  return `${wall.getUTCFullYear()}-Q${Math.floor(wall.getUTCMonth() / 3) + 1}`;
}

/** Such as `2026-10-01`. */
export function firstDayOf(quarter: Quarter): string {
  const month = (numberOf(quarter) % 4) * 3 + 1;
  return `${quarter.slice(0, 4)}-${String(month).padStart(2, '0')}-01`;
}

export function lastDayOf(quarter: Quarter): string {
  const next = Date.parse(firstDayOf(quarterAfter(quarter, 1)));
  return new Date(next - 86_400_000).toISOString().slice(0, 10);
}

/** From the first instant of `from` until that of the quarter after `to`, on the wall of the zone. */
export function rangeOf(from: Quarter, to: Quarter, zone: string): Range {
  const [opens, closes] = [from, quarterAfter(to, 1)].map((quarter) =>
    atWall(zone, { day: present(dayNumber(firstDayOf(quarter)), 'a day'), minute: 0 }),
  );
  const [begins, ends] = [present(opens, 'a start'), present(closes, 'an end')];
  assert(!('reason' in begins) && !('reason' in ends), 'this century is within what is known');
  return { from: begins.at, until: ends.at };
}
