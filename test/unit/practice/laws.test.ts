/** Steps of a practice in any order, by anybody: what holds whatever was tried. */
import { array, assert as check, constantFrom, integer, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { reviewKinds, verdicts } from '../../../domain/exchange/practice.ts';
import type { RegionId } from '../../../domain/id.ts';
import { partyOf } from '../../../domain/loop.ts';
import type { PracticeState } from '../../../domain/practice/state.ts';
import {
  after,
  author,
  content,
  doctor,
  draft,
  officer,
  reader,
  step,
  termsOf,
  text,
  type Told,
} from '../../support/practice-steps.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

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
    content: constantFrom(text, content('second')),
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
    content: constantFrom(text, content('second'), content('machine')),
    sourceHash: hash,
    countries: constantFrom(['DE'], ['DE', 'JP']),
  }),
  record({
    type: constantFrom('refuseTranslation' as const),
    actor: someone,
    locale,
    content: constantFrom(text, content('second')),
    note: constantFrom(content('note')),
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

/** What readers have: it ends by a decision upon it, or with its source. */
const inForce = ({ translations }: PracticeState) =>
  translations.flatMap(({ locale: of, status, approvedFor }) =>
    status === 'approved' ? approvedFor.map((country) => `${of} ${country}`) : [],
  );

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
    waiting: repeated(translations.flatMap((one) => (one.status === 'approved' ? [] : one.locale))),
    isLookedAfter: duties.length > 0 === (publishedAt !== null),
  };
}
const repeated = (all: readonly string[]) => all.filter((one, nth) => all.indexOf(one) !== nth);
const sound = { reviews: [], translations: [], waiting: [], isLookedAfter: true };

/** What may leave was looked at by others, of the text of now, and translations by another still. */
test('whatever is tried, nothing is approved by its author or its proposer, nor of another text than that of now, and no approved text is lost', () => {
  check(
    property(array(anyCommand, { maxLength: 60 }), (commands) => {
      let told: Told = after(draft());
      for (const command of commands) {
        const { author: own, version: now } = told.state;
        const before = inForce(told.state);
        told = step(told, command);
        const isDecision = ['refuseTranslation', 'revise'].includes(command.type);
        const kept = inForce(told.state);
        expect(repeated(kept)).toEqual([]);
        expect(isDecision ? [] : before.filter((one) => !kept.includes(one))).toEqual([]);
        expect(unsound(told.state)).toEqual(sound);
        const isReviewed = command.type === 'review' && told.said === 'accepted';
        const { by, version: read } = isReviewed
          ? { by: partyOf(command), version: command.version }
          : { by: null, version: now };
        expect([by === own, read]).toEqual([false, now]);
      }
    }),
    { numRuns: proofSize(300, 20_000), seed: proofSeed },
  );
});
