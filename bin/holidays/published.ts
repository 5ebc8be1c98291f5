/** The holidays of a place in a year: from the best source there is for it, patched where it is wrong. */
import type {
  Place,
  PublishedHoliday,
  SourceDay,
} from '../../domain/holidays/published-holiday.ts';
import { publish } from '../../domain/holidays/publish.ts';
import { china } from './china.ts';
import { japan } from './japan.ts';
import { korea } from './korea.ts';
import { type PlaceProblem, problemOf, worldwide } from './worldwide.ts';

/** Tables of moons and equinoxes reach this far. */
export const yearMin = 2000;
export const yearMax = 2075;

export type Published =
  | { readonly days: readonly PublishedHoliday[] }
  | { readonly problem: PlaceProblem };

export function publishedHolidays(place: Place, year: number): Published {
  const problem = problemOf(place);
  if (problem !== null) return { problem };
  const found = specialist(place, year) ?? worldwide(place, year);
  return { days: publish(found, place, year) };
}

/** A list of the government's own; none for a part of a country that has days of its own. */
function specialist({ country, subdivision }: Place, year: number): readonly SourceDay[] | null {
  if (subdivision !== null) return null;
  switch (country) {
    case 'CN':
      return china(year);
    case 'JP':
      return japan(year);
    case 'KR':
      return korea(year);
  }
  return null;
}
