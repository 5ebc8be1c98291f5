import { expect, test } from 'vitest';
import { ableFor, countriesOf } from '../../../domain/practice/able.ts';
import { dutyKey, reviewKey, translationKey } from '../../../domain/practice/asks.ts';
import type { Cleared } from '../../../domain/practice/state.ts';
import {
  after,
  cleared,
  draft,
  person,
  proposed,
  review,
  submit,
} from '../../support/practice-steps.ts';

const of = (id: string, more: Partial<Cleared> = {}): Cleared => ({
  id: person(id),
  kind: 'clinical',
  country: 'DE',
  products: null,
  locales: ['de'],
  ...more,
});

test('a review is for whoever has that office in that country and knows the product, its author never', () => {
  const { state } = after(draft(), submit);
  const people = [
    of('author'),
    of('other office', { kind: 'compliance' }),
    of('other country', { country: 'JP' }),
    of('untrained', { products: ['valve'] }),
    of('doctor'),
    of('trained', { products: ['valve', 'stent'] }),
    of('doctor', { country: 'DE' }),
  ];
  const key = reviewKey({ kind: 'clinical', country: 'DE', product: 'stent' });
  expect(ableFor(state, key, people)).toEqual(['doctor', 'trained']);
  const once = after(draft(), submit, review('compliance', { actor: person('doctor') }));
  expect(ableFor(once.state, key, people)).toEqual(['trained']);
  expect(ableFor(state, 'clinical_review/US/stent', people)).toEqual([]);
  expect(countriesOf(state, person('doctor'), people)).toEqual(['DE']);
});

test('a translation is for whoever works in its language and did not propose it; a duty for the clinically cleared', () => {
  const { state } = after(...cleared, proposed);
  const people = [
    of('doctor'),
    of('other', { locales: ['de', 'en'] }),
    of('f', { locales: ['fr'] }),
  ];
  const key = translationKey({ locale: 'de', status: 'proposed' });
  expect(ableFor(state, key, people)).toEqual(['other']);
  const experts = [of('o', { kind: 'compliance' }), of('d'), of('u', { products: ['valve'] })];
  expect(ableFor(state, dutyKey({ country: 'DE' }), experts)).toEqual(['d']);
});

test('a text of two products is verified and its translations approved by whoever is trained for both', () => {
  const both = { products: ['stent', 'valve'] };
  const { state } = after(draft(both), submit, review('clinical'), review('compliance'), {
    ...proposed,
    actor: person('somebody'),
  });
  const people = [
    of('stent alone', { products: ['stent'] }),
    of('both', both),
    of('everything', { products: null }),
  ];
  const able = ['both', 'everything'];
  expect(ableFor(state, dutyKey({ country: 'DE' }), people)).toEqual(able);
  const key = translationKey({ locale: 'de', status: 'proposed' });
  expect(ableFor(state, key, people)).toEqual(able);
  expect(countriesOf(state, person('stent alone'), people)).toEqual([]);
  expect(countriesOf(state, person('both'), people)).toEqual(['DE']);
});
