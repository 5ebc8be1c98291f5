import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ShownGroup,
  shownGroups,
  shownTogether,
} from '../../../domain/feedback-round/groups.ts';
import { type KeptAnswer, roundReport } from '../../../domain/feedback-round/report.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const runs = { numRuns: proofSize(500, 50_000), seed: proofSeed };
/** As it was promised, and not as the rule has it. */
const shownTogetherMin = 3;
const count = fc.nat(7);
const asked = fc.record({ manager: fc.nat(1), peers: count, reports: count });

const sizesOf = (
  counts: Readonly<Record<string, number>>,
  shownAs: Readonly<Record<string, ShownGroup>>,
): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const [group, name] of Object.entries(shownAs)) {
    sizes.set(name, (sizes.get(name) ?? 0) + (counts[group] ?? 0));
  }
  return sizes;
};

test('whatever is shown is shown of three or more beside its reader, and everyone is in one group', () => {
  fc.assert(
    fc.property(asked, (counts) => {
      // Whoever reads it knows what they themselves said: of the manager nobody is hidden by it.
      const { manager: _manager, ...unknown } = counts;
      const total = Object.values(unknown).reduce((sum, n) => sum + n, 0);
      const shownAs = shownTogether(counts);
      const sizes = [...sizesOf(unknown, shownAs ?? {}).values()].filter((n) => n > 0);
      expect(sizes.every((n) => n >= shownTogetherMin)).toBe(true);
      expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(total < shownTogetherMin ? 0 : total);
    }),
    runs,
  );
});

test('the manager is never shown alone, whatever the others are', () => {
  fc.assert(
    fc.property(asked, (counts) => {
      const shownAs = shownTogether({ ...counts, manager: 1 });
      expect(shownAs?.manager ?? 'others').toBe('others');
    }),
    runs,
  );
});

const answer = fc.record({
  group: fc.constantFrom<KeptAnswer['group']>('self', ...shownGroups),
  competency: fc.constantFrom('clinical-fluency', 'partner-management'),
  rank: fc.constantFrom<KeptAnswer['rank']>(1, 2, 3),
  comment: fc.option(fc.string({ minLength: 1 })),
});

test('one answer more or less never tells what it says, to the manager who gave another neither', () => {
  const round = fc.record({
    answers: fc.array(answer, { maxLength: 30, size: 'max' }),
    hasManager: fc.boolean(),
  });
  fc.assert(
    fc.property(round, ({ answers, hasManager }) => {
      const countOf = (group: string): number =>
        answers.filter((one) => one.group === group).length;
      const manager = hasManager && countOf('others') > 0 ? 1 : 0;
      const answered = {
        ...Object.fromEntries(shownGroups.map((group) => [group, countOf(group)])),
        others: countOf('others') - manager,
        manager,
      };
      for (const { competency, groups, others } of roundReport(answers, answered)) {
        const about = answers.filter((one) => one.competency === competency);
        // What the manager knows of it is their own answer, wherever it is shown.
        const unknown = groups.map(({ group, answers: n }) =>
          group === 'others' ? n - manager : n,
        );
        expect(unknown.every((n) => n >= shownTogetherMin)).toBe(true);
        // What all of them say less what some groups say is what at least three others say, or nobody.
        for (const some of subsetsOf(unknown)) {
          const rest = unknown.reduce((sum, n) => sum + n, 0) - some.reduce((sum, n) => sum + n, 0);
          expect(rest === 0 || rest >= shownTogetherMin).toBe(true);
        }
        expect(others === null).toBe(groups.length === 0);
        expect(groups.flatMap(({ comments }) => comments).length).toBeLessThanOrEqual(about.length);
      }
    }),
    runs,
  );
});

const subsetsOf = (all: readonly number[]): readonly (readonly number[])[] =>
  all.reduce<readonly (readonly number[])[]>(
    (sets, one) => [...sets, ...sets.map((set) => [...set, one])],
    [[]],
  );
