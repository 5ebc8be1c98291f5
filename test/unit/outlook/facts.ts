/** One account in Berlin, whose owner works from Monday to Friday, nine to five, as do the others. */
import type { AccountId, PersonId, RegionId } from '../../../domain/id.ts';
import type { AccountFacts, Holder, Owner } from '../../../domain/outlook/facts.ts';
import { limitsByDefault } from '../../../domain/outlook/facts.ts';
import type { Finding } from '../../../domain/outlook/finding.ts';
import { lookAhead } from '../../../domain/outlook/look-ahead.ts';
import { openWorkBook } from '../../../domain/outlook/work-book.ts';
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { type ZoneData, zones } from '../../../domain/time/zone.ts';

/** A Monday, 09:00 in Berlin. */
export const now = Date.parse('2027-02-01T08:00:00Z');
export const berlin = (text: string): number => Date.parse(`${text}:00+01:00`);

const day: readonly (readonly [number, number])[] = [[540, 1020]];
export const office: WorkingCalendar['week'] = {
  mon: day,
  tue: day,
  wed: day,
  thu: day,
  fri: day,
  sat: [],
  sun: [],
};

export const calendarOf = (given: Partial<WorkingCalendar> = {}): WorkingCalendar => ({
  zone: 'Europe/Berlin',
  week: office,
  days: [],
  absences: [],
  revision: 1,
  ...given,
});

export const holder = (
  id: string,
  calendar: Partial<WorkingCalendar> = {},
  given: Partial<Holder> = {},
): Holder => ({
  id: id as PersonId,
  region: 'germany' as RegionId,
  calendar: calendarOf(calendar),
  provisional: [],
  leavesAt: null,
  ...given,
});

export const owner = (
  calendar: Partial<WorkingCalendar> = {},
  given: Partial<Owner> = {},
): Owner => ({
  ...holder('lead', calendar),
  isReachable: true,
  hasCatalogue: true,
  locale: 'de',
  ...given,
});

export const facts = (given: Partial<AccountFacts> = {}): AccountFacts => ({
  account: 'st-hedwig' as AccountId,
  owner: owner(),
  ownedSince: Date.parse('2020-01-01T00:00:00Z'),
  stead: [],
  covers: [],
  superior: 'manager' as PersonId,
  limits: limitsByDefault,
  ...given,
});

interface Look {
  readonly at?: number;
  readonly zoneData?: ZoneData;
}

export const look = (
  given: Partial<AccountFacts>,
  { at = now, zoneData = zones }: Look = {},
): readonly Finding[] =>
  lookAhead(facts(given), { now: at, book: openWorkBook(at, zoneData), zoneData });
