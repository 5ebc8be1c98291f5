import { expect, test } from 'vitest';
import { actionEventsMax, changeProblem } from '../../../domain/handoff/action-items.ts';
import { person } from '../../support/people.ts';

const owner = person('tokyo-lead');

test('what a rotation has moved however often can still be done', () => {
  const item = { owner, isOpen: true, sequence: actionEventsMax };
  expect(changeProblem(item, { type: 'done' })).toBeNull();
  const assign = { type: 'assigned', to: person('berlin-lead') } as const;
  expect(changeProblem(item, assign)?.code).toBe('action.changed_too_often');
  const closed = { ...item, isOpen: false };
  expect(changeProblem(closed, { type: 'reopened' })?.code).toBe('action.changed_too_often');
});
