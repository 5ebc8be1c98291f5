import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReckonable, type NamedRound } from '../../../domain/feedback-round/apart.ts';
import { ratersOf } from '../../../domain/feedback-round/raters.ts';
import type { Nominee } from '../../../domain/feedback-round/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const runs = { numRuns: proofSize(400, 20_000), seed: proofSeed };

const nominees = (people: string, group: Nominee['group']): readonly Nominee[] =>
  Array.from(people, (person) => ({ person: person as PersonId, group }));
const round = (peers: string, reports = '', manager = 'm'): NamedRound => ({
  subject: 's' as PersonId,
  manager: manager as PersonId,
  nominees: [...nominees(peers, 'peers'), ...nominees(reports, 'reports')],
});

test.for<readonly [string, boolean, readonly NamedRound[]]>([
  ['one more of three', true, [round('abc'), round('abcd')]],
  ['one less of four', true, [round('abcd'), round('abc')]],
  ['another in the place of one', true, [round('abcd'), round('abce')]],
  ['two more', true, [round('abc'), round('abcde')]],
  ['another manager beside the same people', true, [round('abc'), round('abc', '', 'n')]],
  [
    'the same people, of whom some now stand for themselves',
    true,
    [round('abc', 'xy'), round('abc', 'xyz')],
  ],
  ['one more than in two rounds together', true, [round('abc'), round('def'), round('abcdefg')]],
  [
    'somebody who is a peer once and a report then',
    true,
    [round('abcd', 'efg'), round('abc', 'defg')],
  ],
  ['a single round', false, [round('abc', 'xyz')]],
  ['the same people again', false, [round('abcd', 'x'), round('abcd', 'x')]],
  ['three more', false, [round('abc'), round('abcdef')]],
  ['nobody of the former', false, [round('abc'), round('def')]],
  ['two others in the place of two', false, [round('abcd'), round('abef')]],
  ['one of the former beside three others', false, [round('abcdef'), round('aghi')]],
])('who is asked again: %s', ([, isTold, rounds]) => {
  expect(isReckonable(rounds)).toBe(isTold);
});

/**
 * As somebody would who has all reports before them: every whole-numbered sum of what is shown, each taken up to
 * twice and added or taken away, until one is left that is about one or two people beside the managers.
 */
function reckoned(rounds: readonly NamedRound[]): boolean {
  const sums = rounds.flatMap((one) => {
    const raters = ratersOf(one).filter(({ group }) => group !== 'self');
    const groups = [...new Set(raters.map(({ shownAs }) => shownAs))];
    return groups.map((group) => raters.filter((rater) => rater.shownAs === group));
  });
  const managers = new Set<string>(rounds.map(({ manager }) => manager));
  const times = [0, 1, -1, 2, -2];
  const choices = times.length ** sums.length;
  for (let choice = 1; choice < choices; choice++) {
    const about = new Map<string, number>();
    for (const [index, raters] of sums.entries()) {
      const by = times[Math.floor(choice / times.length ** index) % times.length] ?? 0;
      for (const { person } of raters) about.set(person, (about.get(person) ?? 0) + by);
    }
    const told = [...about].filter(([, weight]) => weight !== 0).map(([person]) => person);
    const people = told.filter((person) => !managers.has(person));
    if (told.length > 0 && people.length < 3) return true;
  }
  return false;
}

/** Who is asked in some of up to three rounds, as a peer or as a report, by one of two managers. */
const drawn = fc
  .array(
    fc.record({
      manager: fc.constantFrom('m', 'n'),
      groups: fc.array(fc.constantFrom<Nominee['group'] | null>('peers', 'reports', null), {
        minLength: 9,
        maxLength: 9,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((rounds) =>
    rounds.map(({ manager, groups }) => {
      const named = (group: Nominee['group']): string =>
        groups.flatMap((one, index) => (one === group ? [String(index)] : [])).join('');
      return round(named('peers'), named('reports'), manager);
    }),
  )
  .filter((rounds) => rounds.every((one) => one.nominees.length >= 3));

test('of rounds about one person nobody reckons what fewer than three say, and none that tells nothing is refused', () => {
  fc.assert(
    fc.property(drawn, (rounds) => {
      expect(isReckonable(rounds)).toBe(reckoned(rounds));
    }),
    runs,
  );
});
