/** Whatever differs from the usual week for a while: rosters, and single days of their own. */
import { dayNumber, type MinuteInterval } from '../time/calendar.ts';
import { type Check, checkIds, checkReference, checkUnique, error, warn } from './checking.ts';
import { checkDay } from './check-hours.ts';
import type { DirectoryRoster, DirectoryWeek, Row } from './directory.ts';
import { parseHours } from './hours.ts';

const dayMinutes = 1_440;

/** Longer, a gap between two rosters is a season; up to here somebody may have forgotten it. */
const gapDaysMax = 31;

type WeeksById = ReadonlyMap<string, Row<DirectoryWeek>>;

export function checkRosters(check: Check): void {
  const { rosters, weeks } = check.directory;
  const weeksById = new Map(weeks.map((row) => [row.value.id, row]));
  checkIds(check, rosters);
  for (const row of rosters) {
    checkRoster(check, row);
    checkTurns(check, row, weeksById);
  }
  checkSequences(check, rosters);
}

function checkRoster(check: Check, { path, value: roster }: Row<DirectoryRoster>): void {
  const { person, region, firstDay, lastDay, weeks } = roster;
  if ((person === undefined) === (region === undefined)) error(check, path, 'roster_subject');
  checkReference(check, 'people', { path: `${path}.person`, id: person });
  checkReference(check, 'regions', { path: `${path}.region`, id: region });
  for (const [index, id] of weeks.entries()) {
    checkReference(check, 'weeks', { path: `${path}.weeks[${index}]`, id });
  }
  const first = checkDay(check, `${path}.firstDay`, firstDay);
  const last = lastDay === undefined ? null : checkDay(check, `${path}.lastDay`, lastDay);
  if (first !== null && last !== null && last < first) {
    error(check, `${path}.lastDay`, 'days_reversed', { first: firstDay });
  }
}

/** A Sunday night may not run into the Monday of the week whose turn is next. */
function checkTurns(
  check: Check,
  { path, value: { weeks } }: Row<DirectoryRoster>,
  weeksById: WeeksById,
): void {
  for (const [turn, id] of weeks.entries()) {
    const nextTurn = (turn + 1) % weeks.length;
    const [before, after] = [weeksById.get(id), weeksById.get(weeks[nextTurn] ?? id)];
    if (!before || !after || before === after) continue;
    for (const [index, text] of (before.value.sun ?? []).entries()) {
      const closes = (parseHours(text)?.[1] ?? 0) - dayMinutes;
      const met = after.value.mon?.find((hours) => (parseHours(hours)?.[0] ?? closes) < closes);
      if (met === undefined) continue;
      const first = `${before.path}.sun[${index}]`;
      error(check, `${path}.weeks[${nextTurn}]`, 'hours_overlap', { value: met, first });
    }
  }
}

/** Those of one person or region, in the order of their days. */
function checkSequences(check: Check, rosters: readonly Row<DirectoryRoster>[]): void {
  const bySubject = Map.groupBy(
    rosters,
    ({ value: { person, region } }) => `${person ?? ''}/${region ?? ''}`,
  );
  for (const rows of bySubject.values()) {
    const inOrder = rows.toSorted((a, b) => (a.value.firstDay < b.value.firstDay ? -1 : 1));
    let latest: Row<DirectoryRoster> | undefined;
    for (const row of inOrder) {
      if (latest) checkSequence(check, latest, row);
      if (!latest || lastDayOf(row) > lastDayOf(latest)) latest = row;
    }
  }
}

/** Days as text compare as they follow each other. */
const lastDayOf = ({ value }: Row<DirectoryRoster>): string => value.lastDay ?? '9999-12-31';

function checkSequence(
  check: Check,
  before: Row<DirectoryRoster>,
  { path, value: { firstDay } }: Row<DirectoryRoster>,
): void {
  const at = `${path}.firstDay`;
  const lastDay = lastDayOf(before);
  const first = before.path;
  if (firstDay <= lastDay) error(check, at, 'roster_overlap', { first });
  const days = (dayNumber(firstDay) ?? 0) - (dayNumber(lastDay) ?? 0) - 1;
  if (days > 0 && days <= gapDaysMax) warn(check, at, 'roster_gap', { first, days });
}

export function checkOneOffs(check: Check): void {
  const { oneOffs } = check.directory;
  checkIds(check, oneOffs);
  for (const { path, value: oneOff } of oneOffs) {
    checkReference(check, 'people', { path: `${path}.person`, id: oneOff.person });
    checkDay(check, `${path}.day`, oneOff.day);
    const intervals = oneOff.hours.map(parseHours);
    for (const [index, hours] of intervals.entries()) {
      const at = `${path}.hours[${index}]`;
      const value = oneOff.hours[index] ?? '';
      const earlier = intervals.slice(0, index);
      const met = earlier.findIndex((other) => other && hours && isOverlap(other, hours));
      if (!hours) error(check, at, 'hours_invalid', { value });
      else if (met >= 0)
        error(check, at, 'hours_overlap', { value, first: `${path}.hours[${met}]` });
    }
  }
  checkUnique(check, oneOffs, { key: ({ person, day }) => `${person} ${day}` });
}

const isOverlap = ([start, end]: MinuteInterval, other: MinuteInterval): boolean =>
  start < other[1] && other[0] < end;
