/** The fiscal year of a region: from the first midnight of its month until that of the next year. */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { atWall } from '../time/wall.ts';
import { dayMs, wallTime } from '../time/zone.ts';

export interface FiscalRegion {
  readonly zone: string;
  /** 1 for January. */
  readonly fiscalStartMonth: number;
}

/** Half-open, named after the year of the wall in which it begins. */
export interface FiscalYear {
  readonly year: number;
  readonly from: Instant;
  readonly until: Instant;
}

/** The year that `at` lies in; every instant lies in exactly one. */
export function fiscalYearOf(at: Instant, region: FiscalRegion): FiscalYear {
  const wallYear = new Date(wallTime(at, region.zone).day * dayMs).getUTCFullYear();
  // Where clocks go back over midnight, a day is shown again after the year began: instants decide.
  const found = [wallYear, wallYear - 1, wallYear + 1]
    .map((year) => fiscalYear(year, region))
    .find(({ from, until }) => from <= at && at < until);
  assert(found !== undefined, `a fiscal year of ${region.zone} holds ${at}`);
  return found;
}

export const fiscalYear = (year: number, region: FiscalRegion): FiscalYear => ({
  year,
  from: beginOf(year, region),
  until: beginOf(year + 1, region),
});

/** Where clocks skip that midnight, the first instant after it. */
function beginOf(year: number, { zone, fiscalStartMonth }: FiscalRegion): Instant {
  const day = Date.UTC(year, fiscalStartMonth - 1, 1) / dayMs;
  const begins = atWall(zone, { day, minute: 0 });
  assert('at' in begins, `the year ${year} lies within what is known`);
  return begins.at;
}
