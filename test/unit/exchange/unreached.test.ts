/** Who tells somebody in person what no message told them. */
import { expect, test } from 'vitest';
import { isNextDue, nextToTell, tellWithinHours } from '../../../domain/exchange/unreached.ts';
import { person } from '../../support/people.ts';

const [reader, manager, above, officer] = ['reader', 'manager', 'above', 'officer'].map((id) =>
  person(id),
) as [never, never, never, never];
const near = [manager, reader, above, manager, officer];
const turn = (asked: readonly never[]) => nextToTell({ person: reader, near, asked });

test('each who is near is asked once, the nearest first, and never whoever is to be told', () => {
  expect(turn([])).toBe(manager);
  expect(turn([manager])).toBe(above);
  expect(turn([manager, above])).toBe(officer);
  expect(turn([manager, above, officer])).toBeNull();
  expect(nextToTell({ person: reader, near: [], asked: [] })).toBeNull();
});

test('the next is asked when the one before had their time, or was not reached', () => {
  const within = tellWithinHours * 3_600_000;
  const isDue = (asked: readonly never[], now: number, hasFailed = false) =>
    isNextDue({ asked, askedAt: 0, hasFailed }, now);
  expect(isDue([], 0)).toBe(true);
  expect(isDue([manager], within - 1)).toBe(false);
  expect(isDue([manager], within)).toBe(true);
  expect(isDue([manager], 1, true)).toBe(true);
});
