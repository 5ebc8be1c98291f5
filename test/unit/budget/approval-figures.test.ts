import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalFigures, type DecidedRequest } from '../../../domain/budget/approval-figures.ts';
import type { PersonId } from '../../../domain/id.ts';

const anyDecided = fc.record({
  level: fc.constantFrom('a', 'b', 'c', 'd'),
  requester: fc.nat(11).map((id) => `p${id}` as PersonId),
  isApproved: fc.boolean(),
  waitedMinutes: fc.nat(500),
});
const peopleIn = (rows: readonly DecidedRequest[]) =>
  new Set(rows.map((row) => row.requester)).size;

test('no level that is shown, and nothing that is left when shown ones are taken away, tells of fewer than five', () => {
  fc.assert(
    fc.property(fc.array(anyDecided, { maxLength: 40 }), (decided) => {
      const shown = approvalFigures(decided).flatMap(({ level }) => level ?? []);
      const isAllShown = approvalFigures(decided).some(({ level }) => level === null);
      expect(isAllShown).toBe(peopleIn(decided) >= 5);
      for (const level of shown) {
        expect(peopleIn(decided.filter((row) => row.level === level))).toBeGreaterThanOrEqual(5);
      }
      const rest = peopleIn(decided.filter(({ level }) => !shown.includes(level)));
      expect(!isAllShown || rest === 0 || rest >= 5).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('how many, how many of them approved, and how long they waited', () => {
  const decided = [1, 2, 3, 4, 5].map((n) => ({
    level: 'lead',
    requester: `p${n}` as PersonId,
    isApproved: n !== 1,
    waitedMinutes: n * 10,
  }));
  const figures = { decided: 5, approvedPercent: 80, medianWaitedMinutes: 30 };
  expect(approvalFigures(decided)).toEqual([
    { level: null, ...figures },
    { level: 'lead', ...figures },
  ]);
});
