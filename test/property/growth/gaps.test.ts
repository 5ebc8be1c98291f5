import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RegionId } from '../../../domain/id.ts';
import { competencies } from '../../../domain/people/competency.ts';
import { gapsOf, gapSize, type Levels } from '../../../domain/people/competency-gap.ts';
import { competencyLevels } from '../../../domain/people/competency-level.ts';
import { type ProfileLine, targetsOf } from '../../../domain/people/target-profile.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const runs = { numRuns: proofSize(300, 30_000), seed: proofSeed };
const competency = fc.constantFrom(...competencies);
const level = fc.constantFrom(...competencyLevels);
const levels: fc.Arbitrary<Levels> = fc.dictionary(competency, level) as fc.Arbitrary<Levels>;
const height = { beginner: 1, intermediate: 2, advanced: 3 } as const;

test('a gap is where more is asked than was rated, once a competency, and nothing else is one', () => {
  fc.assert(
    fc.property(levels, levels, (targets, rated) => {
      const gaps = gapsOf(targets, rated);
      const found = new Map(gaps.map((gap) => [gap.competency, gap]));
      expect(found.size).toBe(gaps.length);
      for (const key of competencies) {
        const asked = targets[key] === undefined ? 0 : height[targets[key]];
        const is = rated[key] === undefined ? 0 : height[rated[key]];
        const gap = found.get(key);
        expect(gap === undefined ? 0 : gapSize(gap)).toBe(Math.max(0, asked - is));
      }
    }),
    runs,
  );
});

test('a better rating never opens a gap, and reaching what is asked leaves none', () => {
  fc.assert(
    fc.property(levels, levels, competency, level, (targets, rated, key, to) => {
      const now = rated[key];
      fc.pre(now === undefined || height[to] >= height[now]);
      const before = new Set(gapsOf(targets, rated).map((gap) => gap.competency));
      for (const gap of gapsOf(targets, { ...rated, [key]: to })) {
        expect(before.has(gap.competency)).toBe(true);
      }
      expect(gapsOf(targets, targets)).toEqual([]);
    }),
    runs,
  );
});

const germany = 'germany' as RegionId;
const line = (
  role: ProfileLine['role'],
  region: RegionId | null,
  validFrom: string,
  asked: Levels,
): readonly ProfileLine[] =>
  Object.entries(asked).map(([key, to]) => ({
    role,
    region,
    validFrom,
    competency: key as ProfileLine['competency'],
    level: to,
  }));

const lines = [
  ...line('member', null, '2026-01-01', { 'clinical-fluency': 'beginner' }),
  ...line('account-lead', null, '2026-01-01', {
    'clinical-fluency': 'intermediate',
    'partner-management': 'advanced',
  }),
  ...line('account-lead', null, '2027-01-01', { 'clinical-fluency': 'advanced' }),
  ...line('account-lead', germany, '2026-07-01', { 'accurate-forecasting': 'beginner' }),
];
const targetsIn = (region: string, day: string, roles: readonly ProfileLine['role'][]): Levels =>
  targetsOf(lines, { region: region as RegionId, day, roles });

test('a profile counts as a whole from its day on, and a region has its own in place of that of all', () => {
  expect(targetsIn('japan', '2026-12-31', ['account-lead'])).toEqual({
    'clinical-fluency': 'intermediate',
    'partner-management': 'advanced',
  });
  expect(targetsIn('japan', '2027-01-01', ['account-lead'])).toEqual({
    'clinical-fluency': 'advanced',
  });
  expect(targetsIn('germany', '2027-01-01', ['account-lead'])).toEqual({
    'clinical-fluency': 'beginner',
    'accurate-forecasting': 'beginner',
  });
  expect(targetsIn('germany', '2026-06-30', [])).toEqual({ 'clinical-fluency': 'beginner' });
  expect(targetsIn('germany', '2025-12-31', ['account-lead'])).toEqual({});
});
