import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ShownGroup,
  shownGroups,
  shownTogether,
} from '../../../domain/feedback-round/groups.ts';
import { type KeptAnswer, roundReport } from '../../../domain/feedback-round/report.ts';
import { proofSize } from '../../support/proof.ts';

const runs = { numRuns: proofSize(500, 50_000) };
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

test('whatever is shown is shown of three or more, and everyone is in one group', () => {
  fc.assert(
    fc.property(asked, (counts) => {
      const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
      const shownAs = shownTogether(counts);
      const sizes = [...sizesOf(counts, shownAs ?? {}).values()];
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

test('one answer more or less never tells what it says: no view and no comment stands for fewer than three', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 30, size: 'max' }), (answers) => {
      const answered = Object.fromEntries(
        shownGroups.map((group) => [group, answers.filter((one) => one.group === group).length]),
      );
      for (const { competency, groups, others } of roundReport(answers, answered)) {
        const about = answers.filter((one) => one.competency === competency);
        expect(groups.every(({ answers: n }) => n >= shownTogetherMin)).toBe(true);
        // What all of them say less what a group says is what at least three others say, or nobody.
        const shown = groups.reduce((sum, { answers: n }) => sum + n, 0);
        for (const { answers: n } of groups) {
          const rest = shown - n;
          expect(rest === 0 || rest >= shownTogetherMin).toBe(true);
        }
        expect(others === null).toBe(shown === 0);
        expect(groups.flatMap(({ comments }) => comments).length).toBeLessThanOrEqual(about.length);
      }
    }),
    runs,
  );
});
