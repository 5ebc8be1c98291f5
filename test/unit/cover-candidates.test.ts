/** Who is asked to cover, in which order, and why: points that a person can check by hand. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Colleague, rankCandidates } from '../../domain/cover/candidates.ts';
import { reasonSentence } from '../../domain/cover/explain.ts';
import { candidatesMax } from '../../domain/cover/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { phrase } from '../../locales/render.ts';
import { readers } from '../support/readers.ts';

const colleague = (id: string, given: Partial<Colleague> = {}): Colleague => ({
  id: id as PersonId,
  isBackup: false,
  isSameTeam: false,
  isSameRegion: false,
  isCleared: true,
  speaks: false,
  workedMinutes: 480,
  sharedMinutes: 240,
  ownerMinutes: 480,
  askedOutsideMinutes: 0,
  ...given,
});

const points = (given: Partial<Colleague>): number =>
  rankCandidates([colleague('a', given)])[0]?.points ?? Number.NaN;

test.each([
  ['the backup', { isBackup: true }, 40],
  ['the team', { isSameTeam: true }, 30],
  ['the region', { isSameRegion: true }, 15],
  ['the language', { speaks: true }, 20],
  ['all hours of the owner', { sharedMinutes: 480 }, 20],
  ['no hour of the owner', { sharedMinutes: 0 }, -20],
  ['nine minutes asked outside hours', { askedOutsideMinutes: 9 }, 0],
  ['an hour asked outside hours', { askedOutsideMinutes: 60 }, -6],
  ['ten hours asked outside hours, of which five count', { askedOutsideMinutes: 600 }, -30],
])('%s moves somebody by so many points', (_what, given, difference) => {
  expect(points(given) - points({})).toBe(difference);
});

test('whoever is not trained for the products, or works at no minute of the window, is not asked', () => {
  const best = { isBackup: true, isSameTeam: true, speaks: true };
  const asked = rankCandidates([
    colleague('untrained', { ...best, isCleared: false }),
    colleague('away', { ...best, workedMinutes: 0 }),
    colleague('fits'),
  ]);
  expect(asked.map(({ id }) => id)).toEqual(['fits']);
});

test('of two alike it is the one of whom less was asked outside their hours', () => {
  const asked = rankCandidates([
    colleague('a', { askedOutsideMinutes: 120 }),
    colleague('b', { askedOutsideMinutes: 20 }),
  ]);
  expect(asked.map(({ id }) => id)).toEqual(['b', 'a']);
});

const anyone = fc.record({
  isBackup: fc.boolean(),
  isSameTeam: fc.boolean(),
  isSameRegion: fc.boolean(),
  isCleared: fc.boolean(),
  speaks: fc.boolean(),
  workedMinutes: fc.nat(3_000),
  sharedMinutes: fc.nat(3_000),
  ownerMinutes: fc.nat(3_000),
  askedOutsideMinutes: fc.nat(3_000),
});

test('whatever the order they are found in: ten at most, the best first, each with reasons that add up to their points', () => {
  fc.assert(
    fc.property(fc.array(anyone, { maxLength: 30 }), (found) => {
      const colleagues = found.map((one, index) => colleague(`p${index}`, one));
      const asked = rankCandidates(colleagues);
      expect(asked).toEqual(rankCandidates(colleagues.toReversed()));
      const fit = found.filter(({ isCleared, workedMinutes }) => isCleared && workedMinutes > 0);
      expect(asked.length).toBe(Math.min(candidatesMax, fit.length));
      for (const [index, { points: own, reasons }] of asked.entries()) {
        expect(own).toBeLessThanOrEqual(asked[index - 1]?.points ?? Infinity);
        expect(reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(own);
        expect(reasons.length).toBeGreaterThan(0);
      }
    }),
  );
});

test('each reason is a sentence in the reader’s language', () => {
  const all = { isBackup: true, isSameTeam: true, isSameRegion: true, speaks: true };
  const [one] = rankCandidates([colleague('a', { ...all, askedOutsideMinutes: 90 })]);
  for (const reader of Object.values(readers)) {
    const said = (one?.reasons ?? []).map((reason) => {
      const { key, params } = reasonSentence(reason);
      return phrase(key, params as never, reader);
    });
    expect(new Set(said).size).toBe(6);
    expect(said.join()).not.toMatch(/\{\{|cover\.reason|undefined/);
  }
});
