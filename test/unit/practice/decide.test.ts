/** Steps of a practice in any order, by anybody: what holds whatever was tried. */
import { array, assert as check, constantFrom, integer, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { practiceLimits, reviewKinds, verdicts } from '../../../domain/exchange/practice.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../../../domain/id.ts';
import { partyOf } from '../../../domain/loop.ts';
import { ableFor, countriesOf } from '../../../domain/practice/able.ts';
import { dutyKey, reviewKey, translationKey } from '../../../domain/practice/asks.ts';
import { practiceRules as rules } from '../../../domain/practice/decide.ts';
import {
  type Cleared,
  failuresOverSuccesses,
  notAllowedMax,
  type PracticeCommand,
  type PracticeState,
  type Terms,
} from '../../../domain/practice/state.ts';
import { counted, doubtedBy, startedAnew } from '../../../domain/practice/tally.ts';
import { proofSize } from '../../support/proof.ts';

const person = (id: string) => id as PersonId;
const [author, doctor, officer, reader] = ['author', 'doctor', 'officer', 'reader'].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
const content = (id: string) => id as ContentId;
const termsOf = (text: string, more: Partial<Terms> = {}): Terms => ({
  kind: 'win',
  competency: 'clinical-fluency',
  isAuthorHidden: false,
  locale: 'pt-BR',
  countries: ['DE', 'JP'],
  products: ['stent'],
  roles: [],
  isForPartners: false,
  content: content(`source ${text}`),
  hashes: { text, claims: 'claims', notes: {} },
  ...more,
});

interface Told {
  readonly state: PracticeState;
  /** `accepted`, or the code of the refusal. */
  readonly said: string;
}

/** At one instant after the other. */
function step({ state }: Pick<Told, 'state'>, command: PracticeCommand, at = state.turn): Told {
  const decision = rules.decide(state, command, at);
  if (!decision.ok) return { state, said: decision.problem.code };
  const next = decision.events.reduce((now, event) => rules.evolve(now, event, at), state);
  return { state: next, said: 'accepted' };
}

const after = (...commands: readonly PracticeCommand[]): Told =>
  commands.reduce<Told>(
    (told, command) => {
      const next = step(told, command);
      expect(next.said, command.type).toBe('accepted');
      return next;
    },
    { state: rules.initial, said: '' },
  );

const draft = (terms: Partial<Terms> = {}): PracticeCommand => ({
  type: 'draft',
  actor: author,
  author,
  terms: termsOf('one', terms),
});
const submit: PracticeCommand = { type: 'submit', actor: author };
const review = (
  kind: 'clinical' | 'compliance',
  more: Partial<Extract<PracticeCommand, { type: 'review' }>> = {},
): PracticeCommand => ({
  type: 'review',
  actor: kind === 'clinical' ? doctor : officer,
  kind,
  country: 'DE',
  product: 'stent',
  isApproved: true,
  version: 1,
  note: null,
  ...more,
});
const cleared = [draft(), submit, review('clinical'), review('compliance')] as const;
const translate = { type: 'translate', locale: 'de', sourceHash: 'one' } as const;
const text = content('translation');
const proposed: PracticeCommand = { ...translate, actor: doctor, content: text };
const decides = { locale: 'de', content: text, sourceHash: 'one', countries: ['DE'] } as const;
const approve = (actor: PersonId): PracticeCommand => ({
  type: 'approveTranslation',
  actor,
  ...decides,
});
const judge = (
  by: string,
  verdict: 'worked' | 'failed' | 'not_allowed',
  before: Extract<PracticeCommand, { type: 'judge' }>['before'] = null,
): PracticeCommand => ({
  type: 'judge',
  actor: person(by),
  verdict,
  region: 'dach' as RegionId,
  country: 'DE',
  content: null,
  before,
});
const withdraw: PracticeCommand = {
  type: 'withdraw',
  actor: author,
  severity: 'safety',
  note: content('why'),
};

test.each<[string, readonly PracticeCommand[], PracticeCommand, string]>([
  ['a step before the draft', [], submit, 'loop.not_open'],
  ['a second draft', [draft()], draft(), 'loop.already_open'],
  ['any step after its withdrawal', [draft(), withdraw], submit, 'loop.closed'],
  ['a second submission', [draft(), submit], submit, 'practice.submitted'],
  ['a submission for no country', [draft({ countries: [] })], submit, 'practice.no_scope'],
  ['a submission for no product', [draft({ products: [] })], submit, 'practice.no_scope'],
  ['a review of a draft', [draft()], review('clinical'), 'practice.not_submitted'],
  [
    'a review by its author',
    [draft(), submit],
    review('clinical', { actor: author }),
    'practice.own_review',
  ],
  [
    'a review of a text that is not that of now',
    [draft(), submit],
    review('clinical', { version: 2 }),
    'practice.source_changed',
  ],
  [
    'a second review of the same',
    [draft(), submit, review('clinical')],
    review('clinical'),
    'practice.not_under_review',
  ],
  [
    'a review where it is not asked for',
    [draft(), submit],
    review('clinical', { country: 'US' }),
    'practice.not_under_review',
  ],
  [
    'a refusal without its reason',
    [draft(), submit],
    review('clinical', { isApproved: false }),
    'practice.reason_missing',
  ],
  ['a translation of a draft', [draft()], proposed, 'practice.not_submitted'],
  [
    'a translation into its own language',
    [draft(), submit],
    { ...proposed, locale: 'pt-BR' } as PracticeCommand,
    'practice.own_language',
  ],
  [
    'a translation of the text of before',
    [draft(), submit],
    { ...proposed, sourceHash: 'before' } as PracticeCommand,
    'practice.source_changed',
  ],
  [
    'a machine’s beside what somebody wrote',
    [draft(), submit, proposed],
    { ...translate, content: content('machine') },
    'practice.translated',
  ],
  [
    'the approval of a machine’s text',
    [draft(), submit, { ...translate, content: text }],
    approve(officer),
    'practice.machine_text',
  ],
  [
    'the approval by whoever proposed it',
    [draft(), submit, proposed],
    approve(doctor),
    'practice.own_review',
  ],
  [
    'the approval by the author of the source',
    [draft(), submit, proposed],
    approve(author),
    'practice.own_review',
  ],
  [
    'the approval of a translation whose source has changed a second ago',
    [
      draft(),
      submit,
      proposed,
      { type: 'revise', actor: author, terms: termsOf('two'), correction: null },
    ],
    approve(officer),
    'practice.source_changed',
  ],
  [
    'the approval of another text than the one proposed last',
    [draft(), submit, proposed, { ...proposed, content: content('newer') } as PracticeCommand],
    approve(officer),
    'practice.source_changed',
  ],
  [
    'a verification where it is not cleared',
    [draft(), submit],
    { type: 'verify', actor: doctor, country: 'DE', version: 1, isValid: true, note: null },
    'practice.not_cleared_there',
  ],
  [
    'a verification by another than its expert',
    cleared,
    { type: 'verify', actor: officer, country: 'DE', version: 1, isValid: true, note: null },
    'practice.not_expert',
  ],
  ['a verdict of one’s own', cleared, judge('author', 'worked'), 'practice.own_verdict'],
  ['a verdict of a draft', [draft()], judge('reader', 'worked'), 'practice.not_submitted'],
  [
    'a correction that corrects nothing',
    cleared,
    {
      type: 'revise',
      actor: author,
      terms: termsOf('one'),
      correction: { severity: 'safety', note: content('n') },
    },
    'practice.nothing_corrected',
  ],
  [
    'a correction of what nobody could read',
    [draft(), submit],
    {
      type: 'revise',
      actor: author,
      terms: termsOf('two'),
      correction: { severity: 'safety', note: content('n') },
    },
    'practice.nothing_corrected',
  ],
  [
    'more pairs of country and product than can be looked after',
    [],
    draft({
      countries: Array.from({ length: 9 }, (_, n) => `A${n}`),
      products: ['a', 'b', 'c'],
    }),
    'practice.too_many_scopes',
  ],
])('%s is refused by its name', (_, before, command, code) => {
  expect(step(after(...before), command).said).toBe(code);
});

test('a lesson that another loop gives is drafted with where it is from; what somebody wrote is not', () => {
  const openedBy = 'a loop' as LoopId;
  const given = rules.decide(
    rules.initial,
    { type: 'draft', openedBy, author, terms: termsOf('one') },
    0,
  );
  expect(given).toMatchObject({ ok: true, events: [{ type: 'drafted', author, openedBy }] });
  const own = rules.decide(rules.initial, draft(), 0);
  expect(own.ok && Object.keys(own.events[0] ?? {})).toEqual(['type', 'author', 'terms']);
});

test('a practice has so many versions at most', () => {
  let told = after(draft());
  for (let n = 1; n < practiceLimits.versionsMax; n++) {
    const terms = termsOf(`text ${n}`);
    told = step(told, { type: 'revise', actor: author, terms, correction: null });
  }
  expect(told).toMatchObject({ said: 'accepted', state: { version: practiceLimits.versionsMax } });
  const terms = termsOf('one more');
  const more = step(told, { type: 'revise', actor: author, terms, correction: null });
  expect(more.said).toBe('practice.too_many_versions');
});

test('two more failures than successes open the clinical review, two prohibitions the other, counted anew from then on', () => {
  const first = step(after(...cleared, judge('a', 'worked')), judge('b', 'failed'));
  const status = ({ state }: Told) =>
    state.reviews.filter(({ country }) => country === 'DE').map((one) => one.status);
  expect(status(first)).toEqual(['approved', 'approved']);
  const doubted = step(step(first, judge('c', 'failed')), judge('d', 'failed'));
  expect(status(doubted)).toEqual(['open', 'approved']);
  expect(doubted.state.tallies['DE']).toMatchObject({ worked: 0, failed: 0 });
  const forbidden = step(step(doubted, judge('e', 'not_allowed')), judge('f', 'not_allowed'));
  expect(status(forbidden)).toEqual(['open', 'open']);
});

test('the last word of each counts, unless it was said before the review that it opened', () => {
  const said = { verdict: 'failed', country: 'DE', at: 5 } as const;
  const once = counted({}, said, null);
  expect(once['DE']).toMatchObject({ failed: 1, worked: 0 });
  const turned = counted(once, { verdict: 'worked', country: 'DE' }, said);
  expect(turned['DE']).toMatchObject({ failed: 0, worked: 1 });
  const anew = counted(startedAnew(once, 'DE', 9), { verdict: 'worked', country: 'DE' }, said);
  expect(anew['DE']).toMatchObject({ failed: 0, worked: 1 });
  expect(counted({}, { verdict: 'tried', country: 'DE' }, null)).toEqual({});
});

test('a country is doubted by its own reports alone', () => {
  const tally = { since: 0, worked: 1, failed: 0, notAllowed: 0 };
  expect(doubtedBy({ ...tally, failed: failuresOverSuccesses })).toEqual([]);
  expect(doubtedBy({ ...tally, failed: failuresOverSuccesses + 1 })).toEqual(['clinical']);
  expect(doubtedBy({ ...tally, notAllowed: notAllowedMax })).toEqual(['compliance']);
});

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

const someone = constantFrom(author, doctor, officer, reader);
const scope = { country: constantFrom('DE', 'JP'), product: constantFrom('stent') };
const version = integer({ min: 1, max: 3 });
const hash = constantFrom('one', 'two', 'three');
const locale = constantFrom('de', 'ja');
const anyCommand = oneof(
  record({ type: constantFrom('submit' as const), actor: someone }),
  record({
    type: constantFrom('review' as const),
    actor: someone,
    kind: constantFrom(...reviewKinds),
    ...scope,
    isApproved: constantFrom(true, true, false),
    version,
    note: constantFrom(content('note')),
  }),
  record({
    type: constantFrom('revise' as const),
    actor: constantFrom(author),
    terms: hash.map((one) => termsOf(one)),
    correction: constantFrom(null),
  }),
  record({
    type: constantFrom('translate' as const),
    actor: someone,
    locale,
    content: constantFrom(text),
    sourceHash: hash,
  }),
  record({
    type: constantFrom('translate' as const),
    locale,
    content: constantFrom(content('machine')),
    sourceHash: hash,
  }),
  record({
    type: constantFrom('approveTranslation' as const),
    actor: someone,
    locale,
    content: constantFrom(text, content('machine')),
    sourceHash: hash,
    countries: constantFrom(['DE'], ['DE', 'JP']),
  }),
  record({
    type: constantFrom('judge' as const),
    actor: someone,
    verdict: constantFrom(...verdicts),
    region: constantFrom('dach' as RegionId),
    country: scope.country,
    content: constantFrom(null),
    before: constantFrom(null),
  }),
  record({ type: constantFrom('fallDue' as const), country: scope.country }),
  record({ type: constantFrom('lapse' as const), country: scope.country, to: constantFrom(null) }),
);

/** What may leave was looked at by two others of the text of now, and translations by another still. */
function isSound({ terms, reviews, translations, duties, publishedAt }: PracticeState): void {
  for (const { by, status } of reviews) {
    expect(by).not.toBe(author);
    expect((by === null) === (status === 'open')).toBe(true);
  }
  for (const one of translations) {
    expect(one.sourceHash).toBe(terms?.hashes.text);
    expect((one.status === 'approved') === (one.approver !== null)).toBe(true);
    if (one.status !== 'approved') expect(one.approvedFor).toEqual([]);
    else {
      expect(one.proposer).not.toBeNull();
      expect([one.proposer, author]).not.toContain(one.approver);
    }
  }
  expect(duties.length > 0).toBe(publishedAt !== null);
}

test('whatever is tried, nothing is approved by its author or its proposer, nor of another text than that of now', () => {
  check(
    property(array(anyCommand, { maxLength: 60 }), (commands) => {
      let told: Told = after(draft());
      for (const command of commands) {
        const before = told.state;
        told = step(told, command as PracticeCommand);
        isSound(told.state);
        if (command.type === 'review' && told.said === 'accepted') {
          expect(command.version).toBe(before.version);
          expect(partyOf(command)).not.toBe(before.author);
        }
      }
    }),
    { numRuns: proofSize(300, 20_000) },
  );
});
