import { expect, test } from 'vitest';
import { type Candidate, choose, type Interests, itemsMax } from '../../../domain/digest/choose.ts';
import type { Reader } from '../../../domain/exchange/gate.ts';
import { type Rank } from '../../../domain/exchange/rank.ts';
import type { AccountId, LoopId, PersonId, RegionId } from '../../../domain/id.ts';

const reader: Reader = {
  id: 'reader' as PersonId,
  isActive: true,
  teamKind: 'own',
  region: 'dach' as RegionId,
  country: 'DE',
  products: null,
  roles: [],
  locale: 'de',
  regionLocale: 'de',
};
const nothing: Interests = { gaps: [], open: [], owned: [], seen: new Set() };
const unknown: Rank = { points: 0, reasons: [] };

const candidate = (id: string, given: Partial<Candidate> = {}): Candidate => ({
  id: id as LoopId,
  author: 'author' as PersonId,
  competency: 'clinical-fluency',
  publishedAt: 0,
  status: 'published',
  roles: [],
  isForPartners: false,
  clearances: [{ country: 'DE', product: 'stent', isReadable: true }],
  rank: unknown,
  ...given,
});
const clinic = { account: 'clinic' as AccountId, products: ['stent'] };
const order = (candidates: readonly Candidate[], interests: Partial<Interests> = {}) =>
  choose(candidates, reader, { ...nothing, ...interests }).items.map(({ id }) => id);

test('what is proven where the reader is comes before what is newer, and what fails there last', () => {
  const proven = candidate('proven', { rank: { points: 1, reasons: [] } });
  const failing = candidate('failing', { publishedAt: 3, rank: { points: -1, reasons: [] } });
  expect(order([failing, candidate('newer', { publishedAt: 2 }), proven])).toEqual([
    'proven',
    'newer',
    'failing',
  ]);
});

test('all proof there is weighs as much as an account of one’s own, and less than open work', () => {
  const always = candidate('always', {
    clearances: [{ country: 'DE', product: 'valve', isReadable: true }],
    rank: { points: 100, reasons: [] },
  });
  const mine = candidate('mine', { publishedAt: -1 });
  expect(order([mine, always], { owned: [clinic] })).toEqual(['always', 'mine']);
  expect(order([mine, always], { open: [clinic] })).toEqual(['mine', 'always']);
  const gap = candidate('gap', { publishedAt: -1, competency: 'partner-management' });
  expect(order([gap, always], { gaps: ['partner-management'] })).toEqual(['gap', 'always']);
});

test('the two nearest kinds of report are among the reasons, and none is without any', () => {
  const reasons = (['region', 'country', 'elsewhere'] as const).map((closeness) => ({
    verdict: 'worked' as const,
    closeness,
    count: 1,
  }));
  const { items } = choose([candidate('one', { rank: { points: 50, reasons } })], reader, nothing);
  expect(items[0]?.reasons).toEqual([
    { code: 'reports', verdict: 'worked', closeness: 'region', count: 1 },
    { code: 'reports', verdict: 'worked', closeness: 'country', count: 1 },
    { code: 'country', country: 'DE' },
  ]);
});

test('nothing seen, nothing of one’s own, nothing behind the gate, and at most five with how many more', () => {
  const many = Array.from({ length: itemsMax + 3 }, (_, index) => candidate(`many-${index}`));
  const others = [
    candidate('seen'),
    candidate('own', { author: reader.id }),
    candidate('withdrawn', { status: 'withdrawn' }),
    candidate('abroad', { clearances: [{ country: 'JP', product: 'stent', isReadable: true }] }),
  ];
  const seen = new Set(['seen' as LoopId]);
  const { items, more } = choose([...others, ...many], reader, { ...nothing, seen });
  expect(items.map(({ id }) => id)).toEqual(many.slice(0, itemsMax).map(({ id }) => id));
  expect(more).toBe(3);
});
