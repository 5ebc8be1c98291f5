/** Free minutes of wall days: they are taken from whatever shift goes on then. */
import type { MinuteInterval } from './calendar.ts';
import { type DayShifts, type UsualShifts, nothing, usualShifts } from './week-in-force.ts';

const dayMinutes = 1_440;

export interface Mask {
  readonly day: number;
  readonly from: number;
  readonly until: number;
}

/** Takes them out of the shifts of their day and of the night before; one-off days stay as they are. */
export function freeMasked(
  shifts: UsualShifts & { readonly days: Map<number, DayShifts> },
  masks: readonly Mask[],
  exact: ReadonlySet<number>,
): void {
  for (const { day, from, until } of masks) {
    for (let began = day - 1; began * dayMinutes < day * dayMinutes + until; began++) {
      if (exact.has(began)) continue;
      const list = shifts.days.get(began) ?? usualShifts(shifts, began);
      const moved = (day - began) * dayMinutes;
      const left = without(list, from + moved, until + moved);
      if (left !== list) shifts.days.set(began, left);
    }
  }
}

/**
 * What hours off left of the night before and begins after midnight: listed with the one-off day that
 * it lies in, so that shifts follow each other in the order of time.
 */
export function tail(days: Map<number, DayShifts>, day: number): DayShifts {
  const before = days.get(day - 1) ?? nothing;
  const late = before.filter(([start]) => start >= dayMinutes);
  if (late.length === 0) return nothing;
  days.set(
    day - 1,
    before.filter(([start]) => start < dayMinutes),
  );
  return late.map(([start, end]): MinuteInterval => [start - dayMinutes, end - dayMinutes]);
}

function without(list: DayShifts, from: number, until: number): DayShifts {
  if (!list.some(([start, end]) => start < until && from < end)) return list;
  return list.flatMap(([start, end]): MinuteInterval[] => [
    ...(start < Math.min(end, from) ? [[start, Math.min(end, from)] as const] : []),
    ...(Math.max(start, until) < end ? [[Math.max(start, until), end] as const] : []),
  ]);
}
