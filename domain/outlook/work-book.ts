/** When people work, over the days that are looked at: worked out once for all accounts of a run. */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import type { WorkingCalendar } from '../time/calendar.ts';
import type { Range } from '../time/range.ts';
import { openCalendar } from '../time/working-time.ts';
import { dayMs, type ZoneData } from '../time/zone.ts';
import { daysAhead, daysBack, type Holder } from './facts.ts';

/** `settled`: without the days of their region that may not stay. `present`: without their absences. */
export type Reading = 'asPlanned' | 'settled' | 'present';

export interface WorkBook {
  readonly range: Range;
  /** Start, end, start, end and so on, in order and apart. */
  workOf(holder: Holder, reading: Reading): Float64Array;
  hasProvisional(holder: Holder): boolean;
}

export function openWorkBook(now: Instant, zoneData: ZoneData): WorkBook {
  const range = { from: now - daysBack * dayMs, until: now + daysAhead * dayMs };
  const [first, last] = [range.from - dayMs, range.until + dayMs].map((at) =>
    new Date(at).toISOString().slice(0, 10),
  ) as [string, string];
  const known = new Map<string, Float64Array>();
  const workOf = (holder: Holder, reading: Reading): Float64Array => {
    const name = `${reading}/${holder.id}`;
    const kept = known.get(name);
    if (kept) return kept;
    const clock = openCalendar(read(holder, reading), { zoneData });
    const until = Math.max(range.from, Math.min(holder.leavesAt ?? Infinity, range.until));
    const work = clock.stretches({ from: range.from, until });
    assert(work instanceof Float64Array, 'what is looked at lies within what is known');
    known.set(name, work);
    return work;
  };
  const hasProvisional = ({ provisional }: Holder): boolean =>
    provisional.some((day) => first <= day && day <= last);
  return { range, workOf, hasProvisional };
}

function read({ calendar, provisional }: Holder, reading: Reading): WorkingCalendar {
  switch (reading) {
    case 'asPlanned':
      return calendar;
    case 'settled':
      return { ...calendar, days: calendar.days.filter(({ day }) => !provisional.includes(day)) };
    case 'present':
      return { ...calendar, absences: [] };
  }
}
