/** What the seed changed, or would change, line by line. */
import type { Seeded, SeededRegion } from '../../db/holidays.ts';
import type { HolidayChange } from '../../domain/holidays/compare.ts';
import {
  type Place,
  placeName,
  type PublishedHoliday,
} from '../../domain/holidays/published-holiday.ts';
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
  const { id, name, place, problem, changes, own, kept } = region;
  const title = `${name} (${id}), ${year}`;
  if (problem !== null && place !== null) return [`${title}: ${unknown(place, problem)}`];
  if (place === null && changes.length === 0) {
    return [`${title}: has no country in the directory file, so its days are those of the file.`];
  }
  const head = place === null ? title : `${title}, ${placeName(place)}`;
  const answered = kept.map(
    (day) =>
      `= ${day} is published no longer, but stays: the manager of the region has answered for it`,
  );
  if (changes.length === 0) return [`${head}: unchanged`, ...answered];
  return [head, ...changes.map((change) => changeLine(change, own.get(change.day))), ...answered];
}

function unknown(place: Place, problem: PlaceProblem): string {
  const { country } = place;
  return problem === 'country'
    ? `no holidays are known for ${country}. List them in the directory file, or correct the country there.`
    : `no holidays are known for ${placeName(place)} alone. Leave the subdivision out of the directory ` +
        `file for those of ${country}, or correct it there.`;
}

function changeLine({ day, from, to }: HolidayChange, own: string | undefined): string {
  const wins = own === undefined ? '' : `; ${own}, as the directory file says`;
  if (from !== null && to !== null) return `~ ${day} ${described(from)} → ${described(to)}${wins}`;
  const only = to ?? from;
  const sign = to === null ? '-' : '+';
  return `${sign} ${day} ${only === null ? '' : described(only)}${wins}`;
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
