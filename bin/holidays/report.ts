/** What the seed changed, or would change, line by line. */
import type { Seeded, SeededRegion } from '../../db/holidays.ts';
import type { HolidayChange } from '../../domain/holidays/compare.ts';
import { placeName, type PublishedHoliday } from '../../domain/holidays/published-holiday.ts';
import type { PlaceProblem } from './worldwide.ts';

interface Run {
  readonly year: number;
  readonly isDryRun: boolean;
}

export function report(
  { regions, people, calendarChangeId }: Seeded<PlaceProblem>,
  { year, isDryRun }: Run,
): readonly string[] {
  const lines = regions.flatMap((region) => regionLines(region, year));
  if (isDryRun) return [...lines, 'Nothing was written.'];
  if (calendarChangeId === null) return [...lines, 'Nobody works at other times than before.'];
  return [
    ...lines,
    `Working times changed; people whose open loops are planned again: ${people} ` +
      `(calendar change ${calendarChangeId}).`,
  ];
}

function regionLines(region: SeededRegion<PlaceProblem>, year: number): readonly string[] {
  const { id, name, place, problem, changes, overridden } = region;
  const title = `${name} (${id}), ${year}`;
  if (problem !== null && place !== null) {
    const unknown = problem === 'country' ? place.country : placeName(place);
    return [
      `${title}: no holidays are known for ${unknown}. List them in the directory file, or correct the region there.`,
    ];
  }
  if (place === null && changes.length === 0) {
    return [`${title}: has no country in the directory file, so the days are those of the file.`];
  }
  const own =
    overridden.length === 0
      ? []
      : [`  as the directory file says: ${overridden.map((day) => day.slice(5)).join(', ')}`];
  const head = place === null ? title : `${title}, ${placeName(place)}`;
  if (changes.length === 0) return [`${head}: unchanged`, ...own];
  return [head, ...changes.map(changeLine), ...own];
}

function changeLine({ day, from, to }: HolidayChange): string {
  if (to === null) return `- ${day} ${from === null ? '' : described(from)}`;
  if (from === null) return `+ ${day} ${described(to)}`;
  return `~ ${day} ${described(from)} → ${described(to)}`;
}

function described({ kind, halfUntilMinute, name, names, status }: PublishedHoliday): string {
  const english = names['en'];
  const called = english === undefined || english === name ? name : `${name} (${english})`;
  return [`${kind}${halfUntil(halfUntilMinute)}`, called, status].join(', ');
}

const halfUntil = (minute: number | null): string => {
  if (minute === null) return '';
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return ` until ${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
};
