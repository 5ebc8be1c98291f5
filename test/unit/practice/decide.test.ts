/** Steps of a practice in any order, by anybody: what holds whatever was tried. */
import { array, assert as check, constantFrom, integer, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { practiceLimits, reviewKinds, verdicts } from '../../../domain/exchange/practice.ts';
import { holdable } from '../../../domain/hold.ts';
import type { LoopId, RegionId } from '../../../domain/id.ts';
import { partyOf } from '../../../domain/loop.ts';
import { practiceRules as rules } from '../../../domain/practice/decide.ts';
import {
  failuresOverSuccesses,
  notAllowedMax,
  type PracticeCommand,
  type PracticeState,
} from '../../../domain/practice/state.ts';
import { counted, doubtedBy, startedAnew } from '../../../domain/practice/tally.ts';
import {
  after,
  approve,
  author,
  cleared,
  content,
  doctor,
  draft,
  judge,
  officer,
  proposed,
  reader,
  review,
  step,
  submit,
  termsOf,
  text,
  type Told,
  translate,
  withdraw,
} from '../../support/practice-steps.ts';
import { proofSize } from '../../support/proof.ts';

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
    { ...proposed, locale: 'pt-BR' },
    'practice.own_language',
  ],
  [
    'a translation of the text of before',
    [draft(), submit],
    { ...proposed, sourceHash: 'before' },
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
    'the approval by whoever read another source than that of now',
    [draft(), submit, proposed],
    { ...approve(officer), sourceHash: 'before' } as PracticeCommand,
    'practice.source_changed',
  ],
  [
    'the approval of another text than the one proposed last',
    [draft(), submit, proposed, { ...proposed, content: content('newer') }],
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

/** What may leave was looked at by others, of the text of now, and translations by another still. */
test('on hold nothing is done with it, but whoever may withdraws it all the same', () => {
  const held = holdable(rules);
  const at = 1_000;
  const before = { state: after(draft(), submit).state, heldSince: null, pauses: [] };
  const onHold = held.evolve(before, { type: 'held', by: officer }, at);
  expect(held.decide(onHold, review('clinical'), at)).toMatchObject({
    problem: { code: 'loop.held' },
  });
  const decision = held.decide(onHold, withdraw, at + 5);
  if (!decision.ok) throw new Error(decision.problem.code);
  const over = decision.events.reduce((state, event) => held.evolve(state, event, at + 5), onHold);
  expect([held.isClosed(over), over.heldSince, over.pauses]).toEqual([true, null, [[at, at + 5]]]);
});

function unsound({ terms, reviews, translations, duties, publishedAt }: PracticeState) {
  const isReviewed = (one: PracticeState['reviews'][number]): boolean =>
    one.by !== author && (one.by === null) === (one.status === 'open');
  const isTranslated = (one: PracticeState['translations'][number]): boolean => {
    const { proposer, approver } = one;
    if (one.sourceHash !== terms?.hashes.text) return false;
    if (one.status !== 'approved') return approver === null && one.approvedFor.length === 0;
    const isAnother = approver !== null && approver !== author && approver !== proposer;
    return isAnother && proposer !== null;
  };
  return {
    reviews: reviews.filter((one) => !isReviewed(one)),
    translations: translations.filter((one) => !isTranslated(one)),
    isLookedAfter: duties.length > 0 === (publishedAt !== null),
  };
}
const sound = { reviews: [], translations: [], isLookedAfter: true };

test('whatever is tried, nothing is approved by its author or its proposer, nor of another text than that of now', () => {
  check(
    property(array(anyCommand, { maxLength: 60 }), (commands) => {
      let told: Told = after(draft());
      for (const command of commands) {
        const { author: own, version: now } = told.state;
        told = step(told, command);
        expect(unsound(told.state)).toEqual(sound);
        const isReviewed = command.type === 'review' && told.said === 'accepted';
        const { by, version: read } = isReviewed
          ? { by: partyOf(command), version: command.version }
          : { by: null, version: now };
        expect([by === own, read]).toEqual([false, now]);
      }
    }),
    { numRuns: proofSize(300, 20_000) },
  );
});
