import { expect, test } from 'vitest';
import { practiceSteps } from '../../../api/practices/take-step.ts';
import { practiceUpdates } from '../../../workflows/practice/messages.ts';

test('each update of the loop is one POST, and each POST but the draft is one update', () => {
  expect(Object.keys(practiceSteps).toSorted()).toEqual(Object.keys(practiceUpdates).toSorted());
  for (const { route } of Object.values(practiceSteps)) expect(route.method).toBe('post');
});
