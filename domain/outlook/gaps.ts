/** When nobody is at work who may hold an account. */
import type { RegionId } from '../id.ts';
import { dayNumber } from '../time/calendar.ts';
import type { Range } from '../time/range.ts';
import { atWall } from '../time/wall.ts';
import { dayMs, minuteMs } from '../time/zone.ts';
import type { AccountFacts, Holder } from './facts.ts';
import type { Horizon } from './look-ahead.ts';
import { left, within } from './stretches.ts';
import type { Reading } from './work-book.ts';

export interface Gap {
  readonly from: number;
  /** Null: it lasts as far as is looked. */
  readonly until: number | null;
  /** The provisional day that it hangs on; null: it is there in any case. */
  readonly provisional: { readonly region: RegionId; readonly day: string } | null;
}

/** Those longer than the limit that have not ended yet. */
export function gapsOf(facts: AccountFacts, look: Horizon): readonly Gap[] {
  const planned = gapsRead(facts, { look, reading: 'asPlanned' });
  const holders = holdersOf(facts);
  if (!holders.some(look.book.hasProvisional)) return planned.map((gap) => told(gap, look));
  const settled = gapsRead(facts, { look, reading: 'settled' });
  const certain = planned.filter((gap) => settled.some((other) => meet(gap, other)));
  const open = [...planned, ...settled].filter((gap) => !certain.some((other) => meet(gap, other)));
  const hanging = open.flatMap((gap) => {
    const provisional = dayIn(gap, holders, look);
    return provisional === null ? [] : [{ ...told(gap, look), provisional }];
  });
  // One question a day, also where two gaps hang on it.
  const days = hanging.map(({ provisional: { region, day } }) => `${region}/${day}`);
  const asked = hanging.filter((_, index) => days.indexOf(days[index] ?? '') === index);
  return [...certain.map((gap) => told(gap, look)), ...asked];
}

const told = ({ from, until }: Range, { book }: Horizon): Gap => ({
  from,
  until: until >= book.range.until ? null : until,
  provisional: null,
});

const meet = (one: Range, other: Range): boolean =>
  one.from < other.until && other.from < one.until;

const holdersOf = ({ owner, covers, stead }: AccountFacts): readonly Holder[] => [
  owner,
  ...stead,
  ...covers.map(({ taker }) => taker),
];

interface Read {
  readonly look: Horizon;
  readonly reading: Reading;
}

/** One that began before all that is looked at counts from when the owner began to own. */
function gapsRead(
  { owner, ownedSince, covers, stead, limits }: AccountFacts,
  { look: { book, now }, reading }: Read,
): readonly Range[] {
  const range = { from: Math.max(book.range.from, ownedSince), until: book.range.until };
  const atWork = [
    ...left(range, covers).flatMap((own) => within(book.workOf(owner, reading), own)),
    ...covers.flatMap(({ taker, from, until }) =>
      within(book.workOf(taker, reading), {
        from: Math.max(from, range.from),
        until: Math.min(until, range.until),
      }),
    ),
    ...stead.flatMap((holder) => within(book.workOf(holder, reading), range)),
  ];
  return left(range, atWork)
    .map(({ from, until }) => ({ from: from === range.from ? ownedSince : from, until }))
    .filter(({ from, until }) => until > now && until - from > limits.gapMinutes * minuteMs);
}

/** The first provisional day of whoever would hold it then that the gap touches. */
function dayIn(gap: Range, holders: readonly Holder[], { zoneData }: Horizon): Gap['provisional'] {
  const days = holders.flatMap(({ provisional, region, calendar }) =>
    provisional.map((day) => ({ day, region, zone: calendar.zone })),
  );
  const touched = days.filter(({ day, zone }) => {
    const begins = atWall(zone, { day: dayNumber(day) ?? 0, minute: 0 }, zoneData);
    return !('reason' in begins) && meet(gap, { from: begins.at, until: begins.at + dayMs });
  });
  const [first] = touched.toSorted(
    (a, b) => a.day.localeCompare(b.day, 'en') || a.region.localeCompare(b.region, 'en'),
  );
  return first ? { region: first.region, day: first.day } : null;
}
