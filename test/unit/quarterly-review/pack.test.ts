import { expect, test } from 'vitest';
import {
  adoptionFigures,
  type RegionCounts,
  regionFigures,
} from '../../../domain/quarterly-review/pack.ts';
import { phrase, recipientFor } from '../../../locales/render.ts';

const reader = recipientFor({ locale: 'en', zone: 'Etc/UTC' });
const line = {
  line: 'a line',
  purpose: 'leadership',
  currency: 'EUR',
  allocated: '1000000',
  reserved: '150000',
  committed: '100000',
};
const counts = (people: number): RegionCounts => ({
  people,
  lines: [line],
  underWay: 2,
  lentHours: 40,
  borrowedHours: 0,
  openGaps: 3,
  closedGaps: 1,
  raised: 1,
  plans: 2,
  stalledPlans: 0,
});

test.for([0, 1, 4])('of %i people no number of the region is shown', (people) => {
  expect(regionFigures(counts(people)).map(({ value }) => value)).toEqual([null, null, null]);
  const team = adoptionFigures({ people, received: 3, tried: 2 });
  expect(team.map(({ value }) => value)).toEqual([null]);
});

test('of five people each number is shown with the sentence that says what it means', () => {
  const figures = regionFigures(counts(5));
  expect(figures.map(({ section, value }) => [section, value])).toEqual([
    ['money', 25],
    ['assignments', 2],
    ['assignments', 40],
    ['assignments', 0],
    ['growth', 3],
    ['growth', 1],
    ['growth', 1],
    ['growth', 2],
    ['growth', 0],
  ]);
  const said = figures.slice(1).map(({ value, sentence }) => {
    const text = phrase(sentence.key, { value: value ?? 0 }, reader);
    return text.endsWith(`: ${value}`);
  });
  expect(said).toEqual(said.map(() => true));
  expect(adoptionFigures({ people: 5, received: 3, tried: 2 }).map(({ value }) => value)).toEqual([
    3, 2,
  ]);
});

test('a line that nothing is allocated to is used by no percent', () => {
  const empty = {
    ...counts(9),
    lines: [{ ...line, allocated: '0', reserved: '0', committed: '0' }],
  };
  expect(regionFigures(empty)[0]?.value).toBe(0);
});
