import { expect, test } from 'vitest';
import { type Offer, rankSeekers, type Seeker } from '../../../domain/assignment/matching.ts';
import type { PersonId, RegionId } from '../../../domain/id.ts';

const hourMs = 3_600_000;
const [germany, japan, brazil] = ['germany', 'japan', 'brazil'] as RegionId[] as [
  RegionId,
  RegionId,
  RegionId,
];
const work = (from: number, until: number) => new Float64Array([from * hourMs, until * hourMs]);
const offer: Offer = {
  hostRegion: japan,
  homeRegions: [germany, brazil],
  goals: [{ competency: 'clinical-fluency', level: 'intermediate' }],
  languages: ['en'],
  overlapHours: 2,
  weeks: 1,
  work: work(0, 8),
};
const seeker = (id: string, given: Partial<Seeker> = {}): Seeker => ({
  id: id as PersonId,
  region: germany,
  languages: ['de'],
  gaps: [],
  work: work(4, 12),
  ...given,
});
const gap = { competency: 'clinical-fluency', level: 'intermediate' } as const;
const ranked = (seekers: readonly Seeker[], ledger = new Map<RegionId, number>()) =>
  rankSeekers(offer, seekers, { ledger, limit: 10 });

test('a gap that it closes comes first, then a language, then a region that has borrowed', () => {
  const seekers = [
    seeker('plain'),
    seeker('owes', { region: brazil }),
    seeker('speaks', { languages: ['en'] }),
    seeker('gap', { gaps: [gap] }),
  ];
  const found = ranked(seekers, new Map([[brazil, 40]]));
  expect(found.map(({ id }) => id)).toEqual(['gap', 'speaks', 'owes', 'plain']);
  expect(found.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
    ['gap', 'overlap'],
    ['overlap', 'language'],
    ['overlap', 'ledger'],
    ['overlap'],
  ]);
});

test('whoever is of the host region or of none asked for, or shares too few hours, is not suggested', () => {
  const seekers = [
    seeker('host', { region: japan }),
    seeker('elsewhere', { region: 'france' as RegionId }),
    seeker('apart', { work: work(8, 16) }),
    seeker('barely', { work: work(7, 15) }),
  ];
  expect(ranked(seekers)).toEqual([]);
});

test('a goal below what the gap asks for closes nothing', () => {
  const [found] = ranked([seeker('higher', { gaps: [{ ...gap, level: 'advanced' }] })]);
  expect(found?.reasons.map(({ code }) => code)).toEqual(['overlap']);
});
