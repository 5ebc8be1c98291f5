/** The table of docs/exchange.md, row by row: what a change of the source opens again, and nothing else. */
import { expect, test } from 'vitest';
import { sourceHashes } from '../../../db/practice-hashes.ts';
import type { SourceText } from '../../../domain/exchange/practice.ts';
import type { ContentId } from '../../../domain/id.ts';
import type { Terms } from '../../../domain/practice/state.ts';
import {
  endsTranslations,
  isNarrower,
  isNewText,
  isNewVersion,
  touchesReview,
} from '../../../domain/practice/touched.ts';
import {
  after,
  approve,
  author,
  cleared,
  content,
  doctor,
  draft,
  officer,
  proposed,
  review,
  step,
  submit,
  type Told,
} from '../../support/practice-steps.ts';

const source: SourceText = {
  title: 'A visit after 30 days',
  situation: 'Half of the clinics lost it.',
  action: 'We called them.',
  result: 'It rose to 85 %.',
  indication: 'As approved.',
  evidence: 'A log.',
  notes: { DE: 'Nur mit Einweisung.' },
};
const termsOf = (text: Partial<SourceText> = {}, more: Partial<Terms> = {}): Terms => ({
  kind: 'win',
  competency: 'clinical-fluency',
  isAuthorHidden: false,
  locale: 'en',
  countries: ['DE', 'JP'],
  products: ['stent'],
  roles: ['member'],
  isForPartners: false,
  content: 'content' as ContentId,
  hashes: sourceHashes({ ...source, ...text }, 'en'),
  ...more,
});

const all = ['clinical DE', 'clinical JP', 'compliance DE', 'compliance JP'];
const compliance = ['compliance DE', 'compliance JP'];
const none: readonly string[] = [];
const reviews = [
  { kind: 'clinical', country: 'DE' },
  { kind: 'clinical', country: 'JP' },
  { kind: 'compliance', country: 'DE' },
  { kind: 'compliance', country: 'JP' },
] as const;

test.each<[string, Terms, readonly string[], { translations: boolean; version: boolean }]>([
  [
    'the indication',
    termsOf({ indication: 'Another.' }),
    all,
    { translations: true, version: true },
  ],
  ['the result', termsOf({ result: 'It rose.' }), all, { translations: true, version: true }],
  ['the evidence', termsOf({ evidence: 'Two logs.' }), all, { translations: true, version: true }],
  ['the title', termsOf({ title: 'Another visit' }), all, { translations: true, version: true }],
  [
    'the situation',
    termsOf({ situation: 'All of the clinics lost it.' }),
    all,
    { translations: true, version: true },
  ],
  [
    'one word of what was done',
    termsOf({ action: 'We called nobody.' }),
    all,
    { translations: true, version: true },
  ],
  [
    'the note of one country',
    termsOf({ notes: { DE: 'Nur mit Schulung.' } }),
    ['clinical DE', 'compliance DE'],
    { translations: false, version: true },
  ],
  [
    'a note that is new',
    termsOf({ notes: { ...source.notes, JP: '要研修' } }),
    ['clinical JP', 'compliance JP'],
    { translations: false, version: true },
  ],
  [
    'a note that is gone',
    termsOf({ notes: {} }),
    ['clinical DE', 'compliance DE'],
    { translations: false, version: true },
  ],
  [
    'more roles',
    termsOf({}, { roles: ['member', 'account-lead'] }),
    compliance,
    { translations: false, version: true },
  ],
  ['every role', termsOf({}, { roles: [] }), compliance, { translations: false, version: true }],
  [
    'partners as well',
    termsOf({}, { isForPartners: true }),
    compliance,
    { translations: false, version: true },
  ],
  [
    'another language of the source',
    termsOf({}, { locale: 'fr' }),
    all,
    { translations: true, version: true },
  ],
  [
    'another country and product',
    termsOf({}, { countries: ['DE', 'JP', 'BR'], products: ['stent', 'valve'] }),
    none,
    { translations: false, version: false },
  ],
  [
    'kind, competency and whether the author is named',
    termsOf({}, { kind: 'failure', competency: 'partner-management', isAuthorHidden: true }),
    none,
    { translations: false, version: false },
  ],
  [
    'spaces around a part',
    termsOf({ title: ' A visit after 30 days  ' }),
    none,
    { translations: false, version: false },
  ],
])('%s', (_, after, opened, { translations, version }) => {
  const before = termsOf();
  const touched = reviews.filter((review) => touchesReview(before, after, review));
  expect(touched.map(({ kind, country }) => `${kind} ${country}`)).toEqual(opened);
  expect(endsTranslations(before, after)).toBe(translations);
  expect(isNewVersion(before, after)).toBe(version);
});

test('a narrower audience opens nothing', () => {
  const wide = termsOf({}, { roles: [], isForPartners: true });
  for (const narrow of [termsOf(), termsOf({}, { roles: ['member'] })]) {
    expect(reviews.filter((review) => touchesReview(wide, narrow, review))).toEqual([]);
    expect(isNewVersion(wide, narrow)).toBe(false);
  }
});

test.each<[string, Partial<Terms>, Partial<Terms>, boolean]>([
  ['a country less', {}, { countries: ['JP'] }, true],
  ['a product less', { products: ['stent', 'valve'] }, { products: ['valve'] }, true],
  ['partners no more', { isForPartners: true }, { isForPartners: false }, true],
  ['a role less', { roles: ['member', 'account-lead'] }, { roles: ['member'] }, true],
  ['some roles of every one', { roles: [] }, { roles: ['member'] }, true],
  ['every role', {}, { roles: [] }, false],
  [
    'a country more, and another kind',
    {},
    { countries: ['BR', 'DE', 'JP'], kind: 'failure' },
    false,
  ],
])('it is for fewer, or it is not: %s', (_, before, after, isFewer) => {
  expect(isNarrower(termsOf({}, before), termsOf({}, after))).toBe(isFewer);
});

test('a wider audience is another version to review, and the same text to whoever received it', () => {
  expect(isNewText(termsOf(), termsOf({}, { isForPartners: true }))).toBe(false);
  expect(isNewText(termsOf(), termsOf({ notes: {} }))).toBe(true);
});

const openOf = ({ state }: Told): readonly string[] =>
  state.reviews
    .flatMap(({ kind, country, status }) => (status === 'open' ? `${kind} ${country}` : []))
    .toSorted();

test('what is changed opens in the practice itself what it touches and nothing else, and its source alone ends translations', () => {
  const both = ['DE', 'JP'].flatMap((country) => [
    review('clinical', { country }),
    review('compliance', { country }),
  ]);
  const before = after(draft(), submit, ...both, proposed, approve(officer));
  const opens = (change: Partial<Terms>) => {
    const terms = { ...before.state.terms!, ...change };
    const told = step(before, { type: 'revise', actor: author, terms, correction: null });
    return [told.said, openOf(told), told.state.translations.map(({ status }) => status)];
  };
  const note = { text: 'one', notes: { JP: 'new' } };
  const open = (country: string) => [`clinical ${country}`, `compliance ${country}`];
  expect(opens({ kind: 'failure' })).toEqual(['accepted', [], ['approved']]);
  expect(opens({ hashes: note })).toEqual(['accepted', open('JP'), ['approved']]);
  expect(opens({ isForPartners: true })).toEqual(['accepted', compliance, ['approved']]);
  expect(opens({ countries: ['DE', 'JP', 'US'] })).toEqual(['accepted', open('US'), ['approved']]);
  expect(opens({ hashes: { text: 'two', notes: {} } })).toEqual(['accepted', all, []]);
});

test('what its expert says holds no more is under clinical review again, in that country alone', () => {
  const everywhere = [...cleared, review('clinical', { country: 'JP' })];
  const verify = { type: 'verify', actor: doctor, country: 'DE', version: 1 } as const;
  const told = step(after(...everywhere), { ...verify, isValid: false, note: content('why') });
  expect([told.said, openOf(told)]).toEqual(['accepted', ['clinical DE', 'compliance JP']]);
});
