import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TeamId } from '../../../domain/id.ts';
import { competencies } from '../../../domain/people/competency.ts';
import { type CellCount, heatMapOf, trendOf } from '../../../domain/skill-audit/heat-map.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const runs = { numRuns: proofSize(500, 50_000), seed: proofSeed };
/** As it was promised, and not as the rule has it. */
const shownMin = 5;
const counts: fc.Arbitrary<readonly CellCount[]> = fc
  .uniqueArray(
    fc.record({
      team: fc.constantFrom('a', 'b', 'c', 'd', 'e').map((id) => id as TeamId),
      competency: fc.constantFrom(...competencies.slice(0, 2)),
      rated: fc.nat(12),
      share: fc.nat(100),
    }),
    { selector: ({ team, competency }) => `${team} ${competency}`, maxLength: 10 },
  )
  .map((cells) =>
    cells.map(({ share, ...cell }) => ({ ...cell, below: Math.floor((cell.rated * share) / 100) })),
  );

test('nothing is shown of fewer than five, and no difference of what is shown is about fewer', () => {
  fc.assert(
    fc.property(counts, (cells) => {
      for (const { competency, whole, teams } of heatMapOf(cells)) {
        const ofAll = cells.filter((cell) => cell.competency === competency);
        const people = ofAll.reduce((sum, { rated }) => sum + rated, 0);
        const shown = Object.values(teams).map((share) => share?.people ?? 0);
        expect(whole === null).toBe(people < shownMin);
        expect(whole?.people ?? people).toBe(people);
        expect(shown.every((size) => size >= shownMin)).toBe(true);
        // What is left when every shown team is taken from the whole is five or more, or nobody.
        const hidden = whole === null ? 0 : people - shown.reduce((sum, size) => sum + size, 0);
        expect(hidden === 0 || hidden >= shownMin).toBe(true);
        expect(whole !== null || shown.length === 0).toBe(true);
      }
    }),
    runs,
  );
});

test('a team of two is never shown, nor the one beside it that would tell of them', () => {
  const cell = (team: string, rated: number, below: number): CellCount => ({
    team: team as TeamId,
    competency: 'clinical-fluency',
    rated,
    below,
  });
  const [row] = heatMapOf([cell('large', 9, 3), cell('two', 2, 2)]);
  expect(row).toEqual({
    competency: 'clinical-fluency',
    whole: { people: 11, belowPercent: 45 },
    teams: {},
  });
  const [alone] = heatMapOf([cell('two', 2, 2)]);
  expect(alone).toMatchObject({ whole: null, teams: {} });
  const [three] = heatMapOf([cell('large', 9, 3), cell('other', 6, 3), cell('two', 2, 2)]);
  expect(Object.keys(three?.teams ?? {})).toEqual(['large']);
});

test('the trend is better where fewer are below than in the latest former audit that shows anything', () => {
  const now = (belowPercent: number) => ({ people: 9, belowPercent });
  const former = [
    { quarter: '2027-Q1', value: null },
    { quarter: '2026-Q4', value: 40 },
    { quarter: '2026-Q3', value: 10 },
  ];
  const told = (share: ReturnType<typeof now> | null, before = former) =>
    trendOf(share, before).map(({ key, params }) => [key, params]);
  const since = (points: number) => ({ quarter: '2026-Q4', points });
  expect(told(now(25))).toEqual([['skillAudit.trend.better', since(15)]]);
  expect(told(now(45))).toEqual([['skillAudit.trend.worse', since(5)]]);
  expect(told(now(40))).toEqual([['skillAudit.trend.same', since(0)]]);
  for (const nothing of [told(null), told(now(40), []), told(now(40), former.slice(0, 1))]) {
    expect(nothing).toEqual([]);
  }
});
