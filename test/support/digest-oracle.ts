/**
 * Digests by walking: step by step of a quarter of an hour the wall is read, and a digest comes at
 * the first step of work at which one is owed. Slow, obvious, without a line of the planner.
 */
import type { DigestWish, QuietHours } from '../../domain/people/preferences.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';
import { oracle, walk, type Walk } from './time-oracle.ts';

export const stepMs = 15 * 60_000;

/** How things are from one step on, until the next stretch begins. */
export interface Stretch {
  readonly fromStep: number;
  readonly calendar: WorkingCalendar;
  readonly wish: DigestWish;
  readonly quiet: QuietHours | null;
  readonly isActive: boolean;
}

export interface Came {
  readonly at: number;
  /** Such as `week 2027-03-08`. */
  readonly period: string;
}

const walks = new Map<string, Walk>();

function walkOf(zone: string, from: number, steps: number): Walk {
  const key = `${zone} ${from} ${steps}`;
  const known = walks.get(key) ?? walk(zone, { from, until: from + steps * stepMs, stepMs });
  walks.set(key, known);
  return known;
}

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);
const shift = (date: string, days: number): string => {
  const moved = noon(date);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};
/** 1 Monday … 7 Sunday. */
const weekday = (date: string): number => noon(date).getUTCDay() || 7;

/** The period that has a slot on that date; null where it has none. */
function periodWithSlotOn(date: string, wish: DigestWish): string | null {
  const monday = shift(date, 1 - weekday(date));
  switch (wish.every) {
    case 'never':
      return null;
    case 'day':
      return `day ${date}`;
    case 'week':
      return weekday(date) === wish.weekday ? `week ${monday}` : null;
    case 'fortnight': {
      const weeks = Math.round(
        (noon(monday).getTime() - noon('1969-12-29').getTime()) / 604_800_000,
      );
      return weekday(date) === wish.weekday && weeks % 2 === 0 ? `fortnight ${monday}` : null;
    }
    case 'month':
      return weekday(date) === wish.weekday && Number(date.slice(8)) <= 7
        ? `month ${date.slice(0, 7)}-01`
        : null;
  }
}

/** The step at which each slot of a walk comes: when the wall first shows its time, or a later one. */
function slotsIn({ dates, minutes }: Walk, wish: DigestWish): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const [first = ''] = dates;
  // What had passed before the walk began is nobody's.
  let passed = (minutes[0] ?? 0) > wish.minute ? first : shift(first, -1);
  for (let step = 0; step < dates.length; step++) {
    const date = dates[step] ?? '';
    // A date that no clock of the zone ever showed has passed once a later one is shown.
    for (const day of [shift(date, -1), date]) {
      if (day <= passed || (day === date && (minutes[step] ?? 0) < wish.minute)) continue;
      const period = periodWithSlotOn(day, wish);
      passed = day;
      if (period !== null) found.set(step, period);
    }
  }
  return found;
}

function isQuiet(minute: number, quiet: QuietHours | null): boolean {
  if (quiet === null) return false;
  const { from, until } = quiet;
  return until < from ? minute >= from || minute < until : minute >= from && minute < until;
}

export function digestsByWalking(
  stretches: readonly Stretch[],
  { from, steps }: { readonly from: number; readonly steps: number },
): readonly Came[] {
  const came: Came[] = [];
  let since = 0;
  let hadOn = '';
  for (const [index, stretch] of stretches.entries()) {
    const { fromStep, calendar, wish, quiet, isActive } = stretch;
    const before = stretches[index - 1];
    const until = stretches[index + 1]?.fromStep ?? steps;
    const wall = walkOf(calendar.zone, from, steps);
    const work = oracle(wall, calendar);
    const isNewWish = before !== undefined && JSON.stringify(before.wish) !== JSON.stringify(wish);
    if (isNewWish || before?.isActive === false) since = fromStep;
    if (isNewWish) while (since < steps && (wall.dates[since] ?? '') <= hadOn) since++;
    if (!isActive) continue;
    const slots = slotsIn(wall, wish);
    let owed: string | null = null;
    const had = came.map(({ period }) => period).filter((name) => name.startsWith(wish.every));
    const latest = (): string => had.at(-1) ?? '';
    for (let step = since; step < until; step++) {
      const period = slots.get(step);
      if (period !== undefined && period > latest()) owed = period;
      if (step < fromStep || owed === null || !work.isWorking(step)) continue;
      if (isQuiet(wall.minutes[step] ?? 0, quiet)) continue;
      came.push({ at: wall.from + step * stepMs, period: owed });
      had.push(owed);
      hadOn = wall.dates[step] ?? '';
      owed = null;
    }
  }
  return came;
}
