/**
 * How many days somebody has stayed in the Schengen area: at most 90 in any 180, the day of entry and
 * the day of exit both counted, looking back from each day of the stay (Regulation (EU) 2016/399,
 * article 6, paragraphs 1 and 2). Information, not advice: who needs a visa or permit is not decided here.
 */
export const stayDaysMax = 90;
const windowDays = 180;

/** Days since 1970-01-01, both included. */
export interface Stay {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The countries without controls at their inner borders since 1 January 2025 (Decision (EU) 2024/3212). */
const members =
  'AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(
    ' ',
  );

export const isInSchengen = (country: string | null): boolean =>
  country !== null && members.includes(country);

/** Apart and in order, so that no day counts twice. */
function merged(stays: readonly Stay[]): readonly Stay[] {
  const found: Stay[] = [];
  for (const stay of stays.toSorted((a, b) => a.firstDay - b.firstDay)) {
    const last = found.at(-1);
    if (last && stay.firstDay <= last.lastDay + 1) {
      const lastDay = Math.max(last.lastDay, stay.lastDay);
      found[found.length - 1] = { ...last, lastDay };
    } else found.push(stay);
  }
  return found;
}

/** Of the 180 days that end with `day`, those that were spent there. Stays lie apart. */
function daysWithin(stays: readonly Stay[], day: number): number {
  const from = day - windowDays + 1;
  let count = 0;
  for (const { firstDay, lastDay } of stays) {
    count += Math.max(0, Math.min(lastDay, day) - Math.max(firstDay, from) + 1);
  }
  return count;
}

export interface StayCheck {
  /** The most that any day spent there from then on has behind it, itself included. */
  readonly days: number;
  /** The first such day on which they are more than 90; null for none. */
  readonly firstOver: number | null;
}

/** Of what is planned, and of later stays for as long as a day of it counts in them. */
export function checkStay(others: readonly Stay[], planned: Stay): StayCheck {
  const stays = merged([...others, planned]);
  const until = planned.lastDay + windowDays - 1;
  let [days, firstOver]: [number, number | null] = [0, null];
  for (const stay of stays) {
    const last = Math.min(stay.lastDay, until);
    for (let day = Math.max(stay.firstDay, planned.firstDay); day <= last; day++) {
      const found = daysWithin(stays, day);
      days = Math.max(days, found);
      if (found > stayDaysMax) firstOver ??= day;
    }
  }
  return { days, firstOver };
}
