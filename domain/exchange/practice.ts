/** The nouns of the exchange: what a practice is made of, and what is said of it. */
import type { Role } from '../people/role.ts';

export const practiceKinds = ['win', 'failure'] as const;
export type PracticeKind = (typeof practiceKinds)[number];

export const practiceStatuses = ['draft', 'in_review', 'published', 'withdrawn'] as const;
export type PracticeStatus = (typeof practiceStatuses)[number];

export const reviewKinds = ['clinical', 'compliance'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

/** Who reviews: an office held everywhere, or in a region of the country. */
export const reviewerRoles: Readonly<Record<ReviewKind, Role>> = {
  clinical: 'clinical-reviewer',
  compliance: 'compliance',
};

export const reviewStatuses = ['open', 'approved', 'refused'] as const;
export type ReviewStatus = (typeof reviewStatuses)[number];

export const dutyStatuses = ['current', 'due', 'stale'] as const;
export type DutyStatus = (typeof dutyStatuses)[number];

/** `missing` is the lack of one, or one of another source than that of now. */
export const translationStatuses = ['missing', 'machine', 'proposed', 'approved'] as const;
export type TranslationStatus = (typeof translationStatuses)[number];

export const verdicts = ['tried', 'worked', 'failed', 'not_allowed'] as const;
export type Verdict = (typeof verdicts)[number];

export const recallSeverities = ['information', 'important', 'safety'] as const;
export type RecallSeverity = (typeof recallSeverities)[number];

/** Why it is called back: for good, its text, whom it is for, what it is on, or one language of it. */
export const recallKinds = [
  'withdrawn',
  'corrected',
  'narrowed',
  'uncleared',
  'mistranslated',
] as const;
export type RecallKind = (typeof recallKinds)[number];

/** Ways by which somebody receives a text. */
export const deliveryWays = ['digest', 'page', 'api', 'handoff', 'assignment', 'search'] as const;
export type DeliveryWay = (typeof deliveryWays)[number];

/** Where a practice is asked for, reviewed and read. */
export interface Scope {
  /** ISO 3166-1, such as `DE`. */
  readonly country: string;
  readonly product: string;
}

export interface Audience {
  /** Empty: every role. */
  readonly roles: readonly Role[];
  readonly isForPartners: boolean;
}

export const sourceParts = [
  'title',
  'situation',
  'action',
  'result',
  'indication',
  'evidence',
] as const;
export type SourcePart = (typeof sourceParts)[number];

export type TranslatedText = Readonly<Record<SourcePart, string>>;

/** As it is written: what is translated, and words for one country alone, in its own language. */
export interface SourceText extends TranslatedText {
  readonly notes: Readonly<Record<string, string>>;
}

const neededParts = sourceParts.filter((part) => part !== 'indication' && part !== 'evidence');

/** What is reviewed says what was done and what came of it. */
export const isComplete = (text: SourceText): boolean =>
  neededParts.every((part) => text[part].trim() !== '');

/** Of content rows. */
export const practiceContents = {
  source: 'practice.source',
  translation: 'practice.translation',
  note: 'practice.note',
  verdict: 'practice.verdict',
} as const;

/** Lengths in characters. */
export const practiceLimits = {
  countriesMax: 10,
  productsMax: 5,
  scopesMax: 24,
  titleLengthMax: 200,
  partLengthMax: 2_000,
  noteLengthMax: 1_000,
  verdictLengthMax: 500,
  /** Changes of one source; more is another practice. */
  versionsMax: 200,
  /** Times that one person says something of one practice. */
  verdictsPerPersonMax: 20,
} as const;
