import { expect, test } from 'vitest';
import { timelineSentence } from '../../../domain/budget/explain.ts';
import { type BudgetEvent, initialBudget } from '../../../domain/budget/state.ts';
import type { ContentId, PersonId } from '../../../domain/id.ts';

const submitted = (isException: boolean, by: PersonId | null): BudgetEvent => ({
  ...initialBudget,
  type: 'submitted',
  by,
  request: '' as ContentId,
  steps: [],
  isException,
});

test('of an exception nothing is told as kept before it is granted', () => {
  const asker = 'berlin-lead' as PersonId;
  const keyOf = (event: BudgetEvent): string =>
    timelineSentence(event, 'EUR').key.replace('budgetRequest.timeline.', '');
  expect(keyOf(submitted(true, asker))).toBe('submitted_exception');
  expect(keyOf(submitted(false, asker))).toBe('submitted');
  expect(keyOf(submitted(false, null))).toBe('opened');
});
