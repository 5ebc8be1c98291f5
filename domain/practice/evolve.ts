/** What each event makes of the state. */
import { present } from '../assert.ts';
import type { ReviewKind, Scope } from '../exchange/practice.ts';
import type { Instant } from '../loop.ts';
import { nobodyAsked, withAsk } from './asks.ts';
import { counted, startedAnew } from './tally.ts';
import type { Duty, PracticeEvent, PracticeState, Review, Terms, Translation } from './state.ts';
import { endsTranslations, isNewText, touchesReview } from './touched.ts';

type Of<Type extends PracticeEvent['type']> = Extract<PracticeEvent, { type: Type }>;

export function evolvePractice(
  state: PracticeState,
  event: PracticeEvent,
  at: Instant,
): PracticeState {
  const next = { ...state, turn: state.turn + 1 };
  switch (event.type) {
    case 'drafted': {
      const { author, terms } = event;
      return { ...next, status: 'draft', author, terms, version: 1, draftedAt: at, changedAt: at };
    }
    case 'revised':
      return revised({ ...next, changedAt: at }, event, at);
    case 'submitted':
      return { ...next, status: 'open', changedAt: at, reviews: reviewsOf(state, at) };
    case 'judged':
      return { ...next, tallies: counted(state.tallies, event, event.before) };
    case 'withdrawn':
      return { ...closed(next), status: 'withdrawn', changedAt: at };
    case 'assigned':
    case 'reminded':
    case 'passedOn':
    case 'escalated':
      return asked(next, event, at);
    case 'reviewed':
    case 'cleared':
    case 'reopened':
      return reviewed(next, event, at);
    case 'expertNamed':
    case 'handedOn':
    case 'fellDue':
    case 'lapsed':
    case 'verified':
      return verifying(next, event, at);
    case 'translated':
    case 'translationApproved':
    case 'translationRefused':
      return translating(next, event, at);
  }
}

const scopesOf = ({ countries, products }: Terms): readonly Scope[] =>
  countries.flatMap((country) => products.map((product) => ({ country, product })));

const openReview = (kind: ReviewKind, scope: Scope, at: Instant): Review => ({
  kind,
  ...scope,
  status: 'open',
  by: null,
  at,
  ask: nobodyAsked(at),
});

const isOf = (review: Review, kind: ReviewKind, { country, product }: Scope): boolean =>
  review.kind === kind && review.country === country && review.product === product;

/** Two a pair: those there are stay as they are. */
function reviewsOf({ terms, reviews }: PracticeState, at: Instant): readonly Review[] {
  return scopesOf(present(terms, 'the terms')).flatMap((scope) =>
    (['clinical', 'compliance'] as const).map(
      (kind) => reviews.find((review) => isOf(review, kind, scope)) ?? openReview(kind, scope, at),
    ),
  );
}

/** What was said of another text says nothing of this one. */
const anew = ({ countries }: Terms, at: Instant): PracticeState['tallies'] =>
  countries.reduce<PracticeState['tallies']>(
    (tallies, country) => startedAnew(tallies, country, at),
    {},
  );

function revised(state: PracticeState, event: Of<'revised'>, at: Instant): PracticeState {
  const before = present(state.terms, 'the terms of before');
  const { terms, version } = event;
  const next = { ...state, terms, version };
  if (state.status !== 'open') return next;
  const reviews = reviewsOf(next, at).map((review) =>
    review.status === 'refused' || touchesReview(before, terms, review)
      ? openReview(review.kind, review, at)
      : review,
  );
  return {
    ...next,
    reviews,
    translations: endsTranslations(before, terms) ? [] : state.translations,
    duties: state.duties.filter(({ country }) => terms.countries.includes(country)),
    tallies: isNewText(before, terms) ? anew(terms, at) : state.tallies,
  };
}

const closed = (state: PracticeState): PracticeState => ({
  ...state,
  reviews: state.reviews.map((review) => ({ ...review, ask: null })),
  translations: state.translations.map((translation) => ({ ...translation, ask: null })),
  duties: state.duties.map((duty) => ({ ...duty, ask: null })),
});

function asked(
  state: PracticeState,
  event: Of<'assigned' | 'reminded' | 'passedOn' | 'escalated'>,
  at: Instant,
): PracticeState {
  switch (event.type) {
    case 'assigned':
      return event.assignments.reduce(
        (next, { key, to, steward }) =>
          withAsk(next, key, (ask) => ({
            ...ask,
            person: to,
            since: at,
            reminders: 0,
            steward: steward ?? ask.steward,
          })),
        state,
      );
    case 'reminded':
      return withAsk(state, event.key, (ask) => ({ ...ask, reminders: ask.reminders + 1 }));
    case 'passedOn':
      return withAsk(state, event.key, (ask) => ({
        ...ask,
        person: event.to,
        since: at,
        reminders: 0,
        passed: [...ask.passed, event.from],
      }));
    case 'escalated':
      return withAsk(state, event.key, (ask) => ({
        ...ask,
        isEscalated: true,
        steward: event.to ?? ask.steward,
      }));
  }
}

function reviewed(
  state: PracticeState,
  event: Of<'reviewed' | 'cleared' | 'reopened'>,
  at: Instant,
): PracticeState {
  switch (event.type) {
    case 'reviewed': {
      const { by, isApproved } = event;
      const reviews = state.reviews.map((review): Review => {
        if (!isOf(review, event.kind, event)) return review;
        return { ...review, status: isApproved ? 'approved' : 'refused', by, at, ask: null };
      });
      return { ...state, reviews };
    }
    case 'cleared': {
      const { country } = event;
      const clinical = present(
        state.reviews.find((review) => isOf(review, 'clinical', event)),
        'the clinical review',
      );
      const has = state.duties.find((duty) => duty.country === country);
      const expert = has?.expert ?? present(clinical.by, 'who approved it');
      // Approving it clinically verifies it: the country, no later than the pair that was approved first.
      const verifiedAt = Math.min(...clinicalApprovals(state, country));
      const duty: Duty =
        has !== undefined && has.verifiedAt >= verifiedAt
          ? has
          : { country, expert, status: 'current', verifiedAt, ask: null };
      const others = state.duties.filter((one) => one.country !== country);
      return { ...state, publishedAt: state.publishedAt ?? at, duties: [...others, duty] };
    }
    case 'reopened': {
      const reviews = state.reviews.map((review) =>
        review.country === event.country && review.kind === event.kind
          ? openReview(review.kind, review, at)
          : review,
      );
      return { ...state, reviews, tallies: startedAnew(state.tallies, event.country, at) };
    }
  }
}

const clinicalApprovals = ({ reviews }: PracticeState, country: string): readonly Instant[] =>
  reviews.flatMap((one) =>
    one.kind === 'clinical' && one.country === country && one.status === 'approved' ? one.at : [],
  );

function verifying(
  state: PracticeState,
  event: Of<'expertNamed' | 'handedOn' | 'fellDue' | 'lapsed' | 'verified'>,
  at: Instant,
): PracticeState {
  const change = (changed: (duty: Duty) => Duty): PracticeState => ({
    ...state,
    duties: state.duties.map((duty) => (duty.country === event.country ? changed(duty) : duty)),
  });
  switch (event.type) {
    case 'expertNamed':
    case 'handedOn': {
      const expert = event.type === 'handedOn' ? event.to : event.person;
      return change((duty) => ({
        ...duty,
        expert,
        ask: duty.ask && { ...nobodyAsked(at), person: expert, steward: duty.ask.steward },
      }));
    }
    case 'fellDue':
      return change((duty) => ({
        ...duty,
        status: 'due',
        ask: { ...nobodyAsked(at), person: duty.expert },
      }));
    case 'lapsed':
      return change((duty) => ({
        ...duty,
        status: 'stale',
        ask: duty.ask && { ...duty.ask, steward: event.to ?? duty.ask.steward },
      }));
    case 'verified': {
      const next = change((duty) => ({ ...duty, status: 'current', verifiedAt: at, ask: null }));
      if (event.isValid) return next;
      const { country } = event;
      return reviewed(next, { type: 'reopened', country, kind: 'clinical' }, at);
    }
  }
}

function translating(
  state: PracticeState,
  event: Of<'translated' | 'translationApproved' | 'translationRefused'>,
  at: Instant,
): PracticeState {
  const { locale, content } = event;
  switch (event.type) {
    case 'translated': {
      const translation = {
        locale,
        status: event.by === null ? ('machine' as const) : ('proposed' as const),
        content,
        sourceHash: present(state.terms, 'the terms').hashes.text,
        proposer: event.by,
        proposedAt: at,
        approver: null,
        approvedAt: null,
        approvedFor: [],
        ask: nobodyAsked(at),
      };
      // What is approved stays in force beside it, until this is approved.
      const others = state.translations.filter(
        (one) => one.locale !== locale || one.status === 'approved',
      );
      return { ...state, translations: [...others, translation] };
    }
    case 'translationApproved':
      return { ...state, translations: approvedIn(state.translations, event, at) };
    case 'translationRefused': {
      const translations = state.translations.filter(
        (one) => one.locale !== locale || one.content !== content,
      );
      return { ...state, translations };
    }
  }
}

/** In these countries it takes the place of the one approved before; in the others that stays. */
const approvedIn = (
  translations: readonly Translation[],
  { locale, content, by, countries }: Of<'translationApproved'>,
  at: Instant,
): readonly Translation[] =>
  translations.flatMap((one): readonly Translation[] => {
    if (one.locale !== locale) return [one];
    if (one.content === content) {
      const approvedFor = [...new Set([...one.approvedFor, ...countries])];
      return [{ ...one, status: 'approved', approver: by, approvedAt: at, approvedFor, ask: null }];
    }
    if (one.status !== 'approved') return [one];
    const approvedFor = one.approvedFor.filter((country) => !countries.includes(country));
    return approvedFor.length === 0 ? [] : [{ ...one, approvedFor }];
  });
