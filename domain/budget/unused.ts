/** Unused money of a line, offered ahead of the end of its year: the policy `budget.unused`. */
import type { Instant } from '../loop.ts';
import { parseMoney } from '../money.ts';
import type { WorkingCalendar } from '../time/calendar.ts';
import { addWorkingDays } from '../time/working-days.ts';
import { dayMs } from '../time/zone.ts';

export const unusedPolicy = 'budget.unused';
export const workingDaysMax = 60;
/** So long before the end of a year no line is offered: working days are one day in three at least. */
export const unusedHorizonMs = 3 * workingDaysMax * dayMs;

export interface UnusedTerms {
  /** Of the region, before the end of the year. */
  readonly workingDays: number;
  /** In minor units of the line's currency: no more than this is left alone. */
  readonly floor: bigint;
}

const workingDaysByDefault = 30;

/**
 * The policy is such as `{ "workingDays": 30, "floor": "500.00" }`, the floor in the line's currency.
 * Null for what cannot be read: nothing is offered by half a rule.
 */
export function readUnusedPolicy(policy: unknown, currency: string): UnusedTerms | null {
  if (policy === null) return { workingDays: workingDaysByDefault, floor: 0n };
  if (typeof policy !== 'object') return null;
  const said: { workingDays?: unknown; floor?: unknown } = policy;
  const { workingDays = workingDaysByDefault, floor = '0' } = said;
  if (!isDays(workingDays) || typeof floor !== 'string') return null;
  const read = parseMoney(floor, currency);
  return read.ok ? { workingDays, floor: read.money.minor } : null;
}

const isDays = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= workingDaysMax;

/**
 * The first instant of the offer: from it on there are so many working days left in the year. Where
 * nobody ever works, days of the calendar count.
 */
export function offersAt(calendar: WorkingCalendar, endsAt: Instant, workingDays: number): Instant {
  const before = addWorkingDays(calendar, { from: endsAt, days: -workingDays });
  const earliest = endsAt - unusedHorizonMs;
  return 'at' in before ? Math.max(before.at, earliest) : endsAt - workingDays * dayMs;
}

export interface UnusedLine {
  readonly endsAt: Instant;
  readonly available: bigint;
  readonly isClosed: boolean;
}

/** What of it is to be offered at `at`, in minor units: all that is available, or nothing. */
export function unusedOf(
  { endsAt, available, isClosed }: UnusedLine,
  { workingDays, floor }: UnusedTerms,
  { calendar, at }: { readonly calendar: WorkingCalendar; readonly at: Instant },
): bigint {
  if (isClosed || at >= endsAt || available <= floor) return 0n;
  return at >= offersAt(calendar, endsAt, workingDays) ? available : 0n;
}
