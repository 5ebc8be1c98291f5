/** Who tells somebody in person what no message told them. */
import { expect, test } from 'vitest';
import { nextToTell, tellWithinHours } from '../../../domain/exchange/unreached.ts';
import { person } from '../../support/people.ts';

const [reader, manager, above, officer] = ['reader', 'manager', 'above', 'officer'].map((id) =>
  person(id),
) as [never, never, never, never];
const near = [manager, reader, above, manager, officer];
const within = tellWithinHours * 3_600_000;

test('each who is near is asked once, the nearest first, when the one before had their time or was not reached, and never whoever is to be told', () => {
  const turn = (asked: readonly never[], now: number, hasFailed = false) =>
    nextToTell({ person: reader, near, asked, askedAt: 0, hasFailed }, now);
  expect(turn([], 0)).toBe(manager);
  expect(turn([manager], within - 1)).toBeNull();
  expect(turn([manager], within)).toBe(above);
  expect(turn([manager], 1, true)).toBe(above);
  expect(turn([manager, above], within)).toBe(officer);
  expect(turn([manager, above, officer], within * 9, true)).toBeNull();
  expect(nextToTell({ person: reader, near: [], asked: [], askedAt: 0, hasFailed: false }, 9)).toBe(
    null,
  );
});
