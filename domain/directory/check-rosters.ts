/** Whatever differs from the usual week for a while: rosters, and single days of their own. */
import { type Check, checkIds, checkReference, checkUnique, error } from './checking.ts';
import { checkDay } from './check-hours.ts';
import type { DirectoryRoster, Row } from './directory.ts';
import { parseHours } from './hours.ts';

export function checkRosters(check: Check): void {
  const { rosters } = check.directory;
  checkIds(check, rosters);
  for (const row of rosters) checkRoster(check, row);
  checkOverlaps(check, rosters);
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

/** Days as text compare as they follow each other. */
function checkOverlaps(check: Check, rosters: readonly Row<DirectoryRoster>[]): void {
  const bySubject = Map.groupBy(
    rosters,
    ({ value: { person, region } }) => `${person ?? ''}/${region ?? ''}`,
  );
  for (const rows of bySubject.values()) {
    const inOrder = rows.toSorted((a, b) => (a.value.firstDay < b.value.firstDay ? -1 : 1));
    let before: Row<DirectoryRoster> | undefined;
    for (const row of inOrder) {
      const lastDay = before?.value.lastDay ?? '9999-12-31';
      if (before && row.value.firstDay <= lastDay) {
        error(check, `${row.path}.firstDay`, 'roster_overlap', { first: before.path });
      }
      before = row;
    }
  }
}

export function checkOneOffs(check: Check): void {
  const { oneOffs } = check.directory;
  checkIds(check, oneOffs);
  for (const { path, value: oneOff } of oneOffs) {
    checkReference(check, 'people', { path: `${path}.person`, id: oneOff.person });
    checkDay(check, `${path}.day`, oneOff.day);
    let closes = 0;
    for (const [index, text] of oneOff.hours.entries()) {
      const hours = parseHours(text);
      const at = `${path}.hours[${index}]`;
      if (!hours) error(check, at, 'hours_invalid', { value: text });
      else if (hours[0] < closes) {
        error(check, at, 'hours_overlap', { value: text, first: `${path}.hours[${index - 1}]` });
      } else [, closes] = hours;
    }
  }
  checkUnique(check, oneOffs, { key: ({ person, day }) => `${person} ${day}` });
}
