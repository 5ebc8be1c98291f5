/**
 * What rounds about one person say, each of them of three or more, can say together of fewer: {A, B, C} and
 * then {A, B, C, D} tell what D says, where the others say the same again.
 */
import type { PersonId } from '../id.ts';
import { type ShownGroup, shownGroups, shownTogetherMin } from './groups.ts';
import { ratersOf } from './raters.ts';
import type { Nominee } from './state.ts';

/** Days after the end of a round in which people are taken to say the same again. */
export const sameViewDays = 180;
/** Of these days; with more of them nobody would be asked again. */
export const formerRoundsMax = 8;

export interface NamedRound {
  readonly subject: PersonId;
  readonly manager: PersonId;
  readonly nominees: readonly Nominee[];
}

/** With whom somebody is shown in each of the rounds; null where they are not asked. */
type Place = readonly (ShownGroup | null)[];

/**
 * Whether some sum or difference of all that is shown is about fewer than three, beside managers, who know
 * their own. Those who have the same place in every round are told apart by nothing: each place counts once,
 * with how many have it.
 */
export function isReckonable(rounds: readonly NamedRound[]): boolean {
  const { others, managers } = placesOf(rounds);
  const everything = rankOf([...others, ...managers].map(({ place }) => place));
  // What tells of nobody but these few is what is lost with them.
  const tells = (few: readonly Shared[]): boolean =>
    rankOf(others.filter((one) => !few.includes(one)).map(({ place }) => place)) < everything;
  return fewerThanThree(others).some(tells);
}

interface Shared {
  readonly place: Place;
  readonly people: number;
}

function placesOf(rounds: readonly NamedRound[]) {
  const shown = rounds.map(
    (round) => new Map(ratersOf(round).map(({ person, shownAs }) => [person, shownAs])),
  );
  const managers = new Set(rounds.map(({ manager }) => manager));
  const shared = (people: ReadonlySet<PersonId>): readonly Shared[] => {
    const found = new Map<string, Shared>();
    for (const person of people) {
      const place = shown.map((groups) => shownIn(groups.get(person)));
      const key = place.join(' ');
      found.set(key, { place, people: (found.get(key)?.people ?? 0) + 1 });
    }
    return [...found.values()];
  };
  const nominees = rounds.flatMap((round) => round.nominees.map(({ person }) => person));
  const others = new Set(nominees.filter((person) => !managers.has(person)));
  return { others: shared(others), managers: shared(managers) };
}

/** Of oneself everybody is told apart. */
const shownIn = (group: ShownGroup | 'self' | undefined): ShownGroup | null =>
  group === undefined || group === 'self' ? null : group;

/** Every choice of places that fewer than three have together, and of none. */
function fewerThanThree(all: readonly Shared[]): readonly (readonly Shared[])[] {
  let found: readonly (readonly Shared[])[] = [[]];
  for (const one of all.filter(({ people }) => people < shownTogetherMin)) {
    found = [...found, ...found.map((few) => [...few, one]).filter(isFew)];
  }
  return found;
}

const isFew = (few: readonly Shared[]): boolean =>
  few.reduce((sum, { people }) => sum + people, 0) < shownTogetherMin;

/** How many independent sums the groups of all rounds give of those who have these places. */
function rankOf(places: readonly Place[]): number {
  const rounds = places[0]?.length ?? 0;
  const left: number[][] = Array.from({ length: rounds }, (_none, round) =>
    shownGroups.map((group) => places.map((place) => Number(place[round] === group))),
  ).flat();
  let rank = 0;
  for (let column = 0; column < places.length; column++) {
    const largest = largestIn(left, column);
    const by = left[largest]?.[column] ?? 0;
    if (Math.abs(by) < nothing) continue;
    const [pivot = []] = left.splice(largest, 1);
    rank += 1;
    for (const row of left) {
      const times = (row[column] ?? 0) / by;
      for (const [index, value] of pivot.entries()) row[index] = (row[index] ?? 0) - times * value;
    }
  }
  return rank;
}

/** What is left of a difference of such sums by rounding. */
const nothing = 1e-9;

function largestIn(rows: readonly (readonly number[])[], column: number): number {
  const sizes = rows.map((row) => Math.abs(row[column] ?? 0));
  return Math.max(0, sizes.indexOf(Math.max(...sizes)));
}
