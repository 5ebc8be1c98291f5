/** Whatever says when people work: weeks, holidays, absences; and when somebody decides for them. */
import { type Check, checkIds, checkReference, checkUnique, error, warn } from './checking.ts';
import { dayNumber, type MinuteInterval } from '../time/calendar.ts';
import { weekdays } from '../time/weekday.ts';
import type { DirectoryHoliday, DirectoryWeek, Row } from './directory.ts';
import { parseHours, parseInstant, parseTime } from './hours.ts';
import type { PersonId } from '../id.ts';
import { delegationChainMax, type DelegationLink, faultOf } from '../people/delegation.ts';

const weekMinutes = 7 * 1_440;

export function checkWeeks(check: Check): void {
  const { weeks } = check.directory;
  checkIds(check, weeks);
  for (const row of weeks) checkWeek(check, row);
}

interface Shift {
  readonly text: string;
  readonly path: string;
  readonly opens: number;
  readonly closes: number;
}

/** On one line from Monday's midnight, so that a night shift meets the morning it runs into. */
function checkWeek(check: Check, { path, value: week }: Row<DirectoryWeek>): void {
  const shifts: Shift[] = [];
  for (const [day, name] of weekdays.entries()) {
    for (const [index, text] of (week[name] ?? []).entries()) {
      const at = `${path}.${name}[${index}]`;
      const hours = parseHours(text);
      if (!hours) error(check, at, 'hours_invalid', { value: text });
      else shifts.push(shiftOf(day, hours, { text, path: at }));
    }
  }
  shifts.sort((a, b) => a.opens - b.opens);
  let latest = wrapped(shifts.reduce<Shift | undefined>(later, undefined));
  for (const shift of shifts) {
    if (latest && latest.closes > shift.opens) {
      error(check, shift.path, 'hours_overlap', { value: shift.text, first: latest.path });
    }
    latest = later(latest, shift);
  }
  const workers = shifts.length === 0 ? peopleOf(check, week.id) : 0;
  if (workers > 0) warn(check, path, 'week_without_work', { people: workers });
}

function shiftOf(
  day: number,
  [start, end]: MinuteInterval,
  at: { readonly text: string; readonly path: string },
): Shift {
  return { ...at, opens: day * 1_440 + start, closes: day * 1_440 + end };
}

const later = (one: Shift | undefined, other: Shift): Shift =>
  one && one.closes >= other.closes ? one : other;

/** The week's last shift as Monday sees it. */
function wrapped(shift: Shift | undefined): Shift | undefined {
  return (
    shift && { ...shift, opens: shift.opens - weekMinutes, closes: shift.closes - weekMinutes }
  );
}

function peopleOf(check: Check, week: string): number {
  const regions = new Set(
    check.directory.regions.filter((row) => row.value.week === week).map((row) => row.value.id),
  );
  return check.directory.people.filter(({ value: person }) =>
    person.week === undefined ? regions.has(person.region) : person.week === week,
  ).length;
}

export function checkHolidays(check: Check): void {
  const { holidays } = check.directory;
  for (const row of holidays) checkHoliday(check, row);
  checkUnique(check, holidays, { key: ({ region, day }) => `${region} ${day}` });
}

function checkHoliday(check: Check, { path, value: holiday }: Row<DirectoryHoliday>): void {
  checkReference(check, 'regions', { path: `${path}.region`, id: holiday.region });
  checkDay(check, `${path}.day`, holiday.day);
  const { halfUntil, fetchedAt } = holiday;
  if (holiday.kind === 'half' && halfUntil === undefined) {
    error(check, `${path}.halfUntil`, 'half_until_missing');
  }
  if (holiday.kind !== 'half' && halfUntil !== undefined) {
    error(check, `${path}.halfUntil`, 'half_until_needless');
  }
  if (holiday.like !== undefined && holiday.kind !== 'working') {
    error(check, `${path}.like`, 'like_needless');
  }
  if (halfUntil !== undefined && parseTime(halfUntil) === null) {
    error(check, `${path}.halfUntil`, 'time_invalid', { value: halfUntil });
  }
  if (fetchedAt !== undefined && parseInstant(fetchedAt) === null) {
    error(check, `${path}.fetchedAt`, 'instant_invalid', { value: fetchedAt });
  }
}

export function checkDay(check: Check, path: string, text: string): number | null {
  const day = dayNumber(text);
  if (day === null) error(check, path, 'day_invalid', { value: text });
  return day;
}

export function checkAbsences(check: Check): void {
  const { absences } = check.directory;
  checkIds(check, absences);
  for (const { path, value: absence } of absences) {
    checkReference(check, 'people', { path: `${path}.person`, id: absence.person });
    const first = checkDay(check, `${path}.firstDay`, absence.firstDay);
    const last = checkDay(check, `${path}.lastDay`, absence.lastDay);
    if (first !== null && last !== null && last < first) {
      error(check, `${path}.lastDay`, 'days_reversed', { first: absence.firstDay });
    }
    const { hours } = absence;
    if (hours === undefined) continue;
    if (!parseHours(hours)) error(check, `${path}.hours`, 'hours_invalid', { value: hours });
    if (first !== last) error(check, `${path}.hours`, 'hours_of_one_day');
  }
}

export function checkDelegations(check: Check): void {
  const { delegations } = check.directory;
  checkIds(check, delegations);
  const given: GivenLink[] = [];
  for (const { path, value: delegation } of delegations) {
    checkReference(check, 'people', { path: `${path}.principal`, id: delegation.principal });
    checkReference(check, 'people', { path: `${path}.delegate`, id: delegation.delegate });
    if (delegation.principal === delegation.delegate) {
      error(check, `${path}.delegate`, 'delegate_to_self');
    }
    const from = checkInstant(check, `${path}.from`, delegation.from);
    const until = checkInstant(check, `${path}.until`, delegation.until);
    if (from !== null && until !== null && until <= from) {
      error(check, `${path}.until`, 'period_reversed', { first: delegation.from });
    } else if (from !== null && until !== null) {
      const principal = delegation.principal as PersonId;
      const delegate = delegation.delegate as PersonId;
      given.push({ path, link: { principal, delegate, scope: 'all', from, until } });
    }
  }
  for (const { path, fault } of delegationFaultsOf(given)) {
    const max = delegationChainMax;
    if (fault === 'cycle') error(check, `${path}.delegate`, 'delegation_cycle');
    else error(check, `${path}.delegate`, 'delegation_chain_too_long', { max });
  }
}

interface GivenLink {
  readonly path: string;
  readonly link: DelegationLink;
}

interface FaultyLink {
  readonly path: string;
  readonly fault: 'cycle' | 'chain_too_long';
}

type Links = Map<PersonId, DelegationLink[]>;

/** Of each, beside those before it: only those that a chain through it reaches are looked at. */
function delegationFaultsOf(given: readonly GivenLink[]): readonly FaultyLink[] {
  const faults: FaultyLink[] = [];
  const [byPrincipal, byDelegate]: [Links, Links] = [new Map(), new Map()];
  for (const { path, link } of given) {
    const { principal, delegate, from, until } = link;
    if (principal === delegate) continue;
    const near = [
      ...reached(delegate, byPrincipal, (next) => next.delegate),
      ...reached(principal, byDelegate, (next) => next.principal),
    ].filter((one) => one.principal !== principal || one.until <= from || until <= one.from);
    const fault = faultOf(link, near);
    if (fault === 'cycle' || fault === 'chain_too_long') faults.push({ path, fault });
    byPrincipal
      .set(principal, byPrincipal.get(principal) ?? [])
      .get(principal)
      ?.push(link);
    byDelegate
      .set(delegate, byDelegate.get(delegate) ?? [])
      .get(delegate)
      ?.push(link);
  }
  return faults;
}

function reached(
  person: PersonId,
  links: Links,
  next: (link: DelegationLink) => PersonId,
): ReadonlySet<DelegationLink> {
  const found = new Set<DelegationLink>();
  let people = new Set([person]);
  for (let steps = 0; steps <= delegationChainMax; steps++) {
    const fresh = [...people]
      .flatMap((one) => links.get(one) ?? [])
      .filter((one) => !found.has(one));
    for (const link of fresh) found.add(link);
    people = new Set(fresh.map(next));
  }
  return found;
}

function checkInstant(check: Check, path: string, text: string): number | null {
  const at = parseInstant(text);
  if (at === null) error(check, path, 'instant_invalid', { value: text });
  return at;
}
