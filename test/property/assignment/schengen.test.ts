import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkStay, isInSchengen, type Stay } from '../../../domain/assignment/schengen.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';
import { walkedStays } from '../../support/stay-oracle.ts';

const stay = fc
  .tuple(fc.integer({ min: 20_000, max: 20_500 }), fc.integer({ min: 0, max: 120 }))
  .map(([firstDay, length]) => ({ firstDay, lastDay: firstDay + length }));

test('days of stay are those of a calendar walked day by day, however stays overlap', () => {
  fc.assert(
    fc.property(fc.array(stay, { maxLength: 8 }), stay, (earlier, planned) => {
      expect(checkStay(earlier, planned)).toEqual(walkedStays(earlier, planned));
    }),
    { numRuns: proofSize(300, 30_000), seed: proofSeed },
  );
});

const at = (day: string): number => Date.parse(day) / 86_400_000;
const days = (first: string, last: string): Stay => ({ firstDay: at(first), lastDay: at(last) });

test.for([
  ['90 days in one go are just within', [], days('2027-01-01', '2027-03-31'), 90, null],
  [
    'the day of entry and the day of exit both count',
    [],
    days('2027-01-01', '2027-01-01'),
    1,
    null,
  ],
  ['the 91st day is over', [], days('2027-01-01', '2027-04-01'), 91, '2027-04-01'],
  [
    'a day counts once, whatever overlaps',
    [days('2027-01-01', '2027-01-20')],
    days('2027-01-10', '2027-01-31'),
    31,
    null,
  ],
  [
    'what lies 180 days back no longer counts',
    [days('2027-01-01', '2027-03-31')],
    days('2027-06-30', '2027-09-27'),
    90,
    null,
  ],
  [
    'a later stay that is agreed already is over because of it',
    [days('2027-05-01', '2027-06-29')],
    days('2027-02-01', '2027-04-01'),
    120,
    '2027-05-31',
  ],
  [
    'one day earlier it still does',
    [days('2027-01-01', '2027-03-31')],
    days('2027-06-29', '2027-06-29'),
    91,
    '2027-06-29',
  ],
] as const)('%s', ([, earlier, planned, most, over]) => {
  const firstOver = over === null ? null : at(over);
  expect(checkStay(earlier, planned)).toEqual({ days: most, firstOver });
});

test('the area is that of 29 countries, and no country is nowhere in it', () => {
  expect(['DE', 'BG', 'RO', 'CH'].every(isInSchengen)).toBe(true);
  expect(['IE', 'CY', 'GB', 'JP'].some(isInSchengen)).toBe(false);
  expect(isInSchengen(null)).toBe(false);
});
