/** The hours somebody asked for, as their wall shows them, whether or not they work then. */
import type { Instant } from '../loop.ts';
import type { DigestRhythm, DigestWish } from '../people/preferences.ts';
import { atWall } from '../time/wall.ts';
import { weekdayIndex } from '../time/weekday.ts';
import { type ZoneData, wallTime, zones } from '../time/zone.ts';

/** One digest is owed for each; a day, a week, a fortnight or a month of the person's own calendar. */
export interface Slot {
  readonly at: Instant;
  /** First day of its period, counted from 1970-01-01; with the rhythm it names the period. */
  readonly period: number;
}

export interface SlotQuestion {
  readonly wish: DigestWish;
  readonly zone: string;
  readonly zoneData?: ZoneData;
}

/** From the first weekday of a month to that of the month after it are 35 days at most. */
const daysBetweenSlotsMax = 36;

/**
 * The first slot from `from` on of a period after `after`; null where no rhythm is wished for, or
 * beyond the horizon. A skipped hour counts at the end of its gap, a repeated one the first time.
 */
export function firstSlot(
  from: Instant,
  { wish, zone, zoneData = zones }: SlotQuestion,
  after: number | null = null,
): Slot | null {
  const today = wallTime(from, zone, zoneData).day - 1;
  const first = after === null ? today : Math.max(today, after);
  // One more than a period: what lies in it may belong to the period that was had.
  for (let day = first; day <= first + 2 * daysBetweenSlotsMax; day++) {
    if (!hasSlot(day, wish)) continue;
    const period = periodOf(day, wish.every);
    if (after !== null && period <= after) continue;
    const found = atWall(zone, { day, minute: wish.minute }, zoneData);
    if ('reason' in found) return null;
    if (found.at >= from) return { at: found.at, period };
  }
  return null;
}

/** The latest slot that is not after `until`; null as above. */
export function lastSlot(
  until: Instant,
  { wish, zone, zoneData = zones }: SlotQuestion,
): Slot | null {
  const today = wallTime(until, zone, zoneData).day + 1;
  for (let day = today; day >= today - daysBetweenSlotsMax - 2; day--) {
    if (!hasSlot(day, wish)) continue;
    const found = atWall(zone, { day, minute: wish.minute }, zoneData);
    if ('reason' in found) return null;
    if (found.at <= until) return { at: found.at, period: periodOf(day, wish.every) };
  }
  return null;
}

function hasSlot(day: number, { every, weekday }: DigestWish): boolean {
  if (every === 'never') return false;
  if (every === 'day') return true;
  if (weekdayIndex(day) !== weekday - 1) return false;
  if (every === 'month') return new Date(day * 86_400_000).getUTCDate() <= 7;
  return every === 'week' || periodOf(day, 'fortnight') === periodOf(day, 'week');
}

/** Weeks begin on Monday (ISO 8601); fortnights with every second one since 1969-12-29. */
export function periodOf(day: number, every: DigestRhythm): number {
  const monday = day - weekdayIndex(day);
  switch (every) {
    case 'never':
    case 'day':
      return day;
    case 'week':
      return monday;
    case 'fortnight':
      return monday - (((monday + 3) / 7) % 2) * 7;
    case 'month':
      return day - new Date(day * 86_400_000).getUTCDate() + 1;
  }
}
