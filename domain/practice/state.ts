/**
 * A practice from its draft to its withdrawal, years later: reviewed by country × product, translated,
 * verified at an interval, called back. Texts are content rows: the loop knows their ids and hashes.
 */
import type {
  Audience,
  DutyStatus,
  PracticeKind,
  RecallSeverity,
  ReviewKind,
  ReviewStatus,
  Scope,
  Verdict,
} from '../exchange/practice.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { Competency } from '../people/competency.ts';
import type { TaskNameOf } from '../task-kind.ts';

/** Who is asked to do something, in their own working time. */
export interface Ask {
  /** Null while there is nobody who could. */
  readonly person: PersonId | null;
  readonly since: Instant;
  readonly reminders: number;
  /** Who was asked before, and did not answer in time. */
  readonly passed: readonly PersonId[];
  readonly isEscalated: boolean;
  /** Whoever manages the region of the country, once they were told. */
  readonly steward: PersonId | null;
}

export interface Review extends Scope {
  readonly kind: ReviewKind;
  readonly status: ReviewStatus;
  /** Who decided it; null while it is open. */
  readonly by: PersonId | null;
  readonly at: Instant;
  readonly ask: Ask | null;
}

/** A language has one that waits at most, and of those approved one a country; none where it is missing. */
export interface Translation {
  readonly locale: string;
  readonly status: 'machine' | 'proposed' | 'approved';
  readonly content: ContentId;
  readonly sourceHash: string;
  /** Null for a machine's. */
  readonly proposer: PersonId | null;
  readonly proposedAt: Instant;
  readonly approver: PersonId | null;
  readonly approvedAt: Instant | null;
  readonly approvedFor: readonly string[];
  readonly ask: Ask | null;
}

/** That somebody verifies it in a country, from its first clearance there on. */
export interface Duty {
  readonly country: string;
  readonly expert: PersonId;
  readonly status: DutyStatus;
  readonly verifiedAt: Instant;
  readonly ask: Ask | null;
}

/** Hashes (SHA-256, hex) of what the text of a version says; which part touches what is in `touched.ts`. */
export interface SourceHashes {
  /** Of everything that is translated. */
  readonly text: string;
  /** By country. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface Terms extends Audience {
  readonly kind: PracticeKind;
  readonly competency: Competency;
  readonly isAuthorHidden: boolean;
  readonly locale: string;
  readonly countries: readonly string[];
  readonly products: readonly string[];
  readonly content: ContentId;
  readonly hashes: SourceHashes;
}

export const practiceStates = ['new', 'draft', 'open', 'withdrawn'] as const;

export interface PracticeState {
  readonly status: (typeof practiceStates)[number];
  readonly author: PersonId;
  readonly terms: Terms | null;
  readonly version: number;
  readonly reviews: readonly Review[];
  readonly translations: readonly Translation[];
  readonly duties: readonly Duty[];
  /** By country. */
  readonly tallies: Readonly<Record<string, Tally>>;
  readonly draftedAt: Instant;
  readonly publishedAt: Instant | null;
  readonly changedAt: Instant;
  /** Counts events, so that each step of the clock has a name of its own. */
  readonly turn: number;
}

export const initialPractice: PracticeState = {
  status: 'new',
  author: '' as PersonId,
  terms: null,
  version: 0,
  reviews: [],
  translations: [],
  duties: [],
  tallies: {},
  draftedAt: 0,
  publishedAt: null,
  changedAt: 0,
  turn: 0,
};

/** Working minutes of whoever is asked. */
export const allowanceMinutes = {
  review: 2_400,
  translation: 2_400,
  verification: 4_800,
} as const;
export const reminderPercents = [50, 80] as const;
/** Between two verifications, where the policy of the country's region says nothing else. */
export const verificationDaysByDefault = 180;
/** So many more failures than successes in a country open its clinical review again. */
export const failuresOverSuccesses = 2;
/** So many who say that it is not allowed in their country open its compliance review again. */
export const notAllowedMax = 2;

/** What people of a country say, each their last word, since the review that it would open again. */
export interface Tally {
  readonly since: Instant;
  readonly worked: number;
  readonly failed: number;
  readonly notAllowed: number;
}

/** Somebody who may review in a country, by office, as they are now. */
export interface Cleared {
  readonly id: PersonId;
  readonly kind: ReviewKind;
  readonly country: string;
  /** What they are trained for; null: everything. */
  readonly products: readonly string[] | null;
  /** That they work in. */
  readonly locales: readonly string[];
}

/** What a plan looks at beside people and calendars, as they are when it is made. */
export interface PracticeFacts {
  /** Those of the country's own regions first, and among them whoever has the least to do. */
  readonly cleared: readonly Cleared[];
  /** By country: who manages its region. */
  readonly stewards: Readonly<Record<string, PersonId>>;
  readonly verificationDays: Readonly<Record<string, number>>;
}

/** What is asked, and where: `clinical_review/DE/stent`, `verify/DE`, `check_translation/fr`. */
export type AskKey = `${TaskNameOf<'practice'>}/${string}`;

export interface Assignment {
  readonly key: AskKey;
  /** Null: nobody could, so the steward is told. */
  readonly to: PersonId | null;
  readonly steward: PersonId | null;
}

export type ClockCommand = ByClock &
  (
    | { readonly type: 'assign'; readonly assignments: readonly Assignment[] }
    | { readonly type: 'remind'; readonly key: AskKey; readonly percent: number }
    | { readonly type: 'pass'; readonly key: AskKey; readonly to: PersonId }
    | { readonly type: 'escalate'; readonly key: AskKey; readonly to: PersonId | null }
    | { readonly type: 'fallDue'; readonly country: string }
    | { readonly type: 'lapse'; readonly country: string; readonly to: PersonId | null }
    | { readonly type: 'handOn'; readonly country: string; readonly to: PersonId }
  );

export interface Said {
  readonly verdict: Verdict;
  readonly country: string;
  readonly at: Instant;
}

export interface Correction {
  readonly severity: RecallSeverity;
  readonly note: ContentId;
}

export type PracticeCommand =
  | (ByPerson & { readonly type: 'draft'; readonly author: PersonId; readonly terms: Terms })
  /** A step of another loop gives a lesson, in the name of whoever learned it. */
  | (ByClock & {
      readonly type: 'draft';
      readonly openedBy: LoopId;
      readonly author: PersonId;
      readonly terms: Terms;
    })
  | (ByPerson & {
      readonly type: 'revise';
      readonly terms: Terms;
      /** What was wrong: whoever received it before is told. */
      readonly correction: Correction | null;
    })
  | (ByPerson & { readonly type: 'submit' })
  | (ByPerson &
      Scope & {
        readonly type: 'review';
        readonly kind: ReviewKind;
        readonly isApproved: boolean;
        /** That was read. */
        readonly version: number;
        readonly note: ContentId | null;
      })
  | (ByPerson & {
      readonly type: 'nameExpert';
      readonly country: string;
      readonly person: PersonId;
    })
  | (ByPerson & {
      readonly type: 'verify';
      readonly country: string;
      readonly version: number;
      /** False: it is to be changed, and is read there by nobody until its clinical review approves. */
      readonly isValid: boolean;
      readonly note: ContentId | null;
    })
  | ((ByPerson | ByClock) & {
      readonly type: 'translate';
      readonly locale: string;
      readonly content: ContentId;
      readonly sourceHash: string;
    })
  | (ByPerson & {
      readonly type: 'approveTranslation';
      readonly locale: string;
      readonly content: ContentId;
      readonly sourceHash: string;
      /** Countries that whoever approves is cleared for. */
      readonly countries: readonly string[];
    })
  | (ByPerson & {
      readonly type: 'refuseTranslation';
      readonly locale: string;
      readonly content: ContentId;
      readonly note: ContentId;
      /** Of one that is in force, which is called back. */
      readonly severity?: RecallSeverity;
    })
  | (ByPerson & {
      readonly type: 'judge';
      readonly verdict: Verdict;
      readonly region: RegionId;
      readonly country: string;
      readonly content: ContentId | null;
      readonly before: Said | null;
    })
  | (ByPerson & Correction & { readonly type: 'withdraw' })
  | ClockCommand;

export type PracticeEvent =
  | {
      readonly type: 'drafted';
      readonly author: PersonId;
      readonly terms: Terms;
      /** The loop whose lesson it is; absent where its author wrote it here. */
      readonly openedBy?: LoopId;
    }
  | {
      readonly type: 'revised';
      readonly terms: Terms;
      readonly version: number;
      readonly correction: Correction | null;
    }
  | { readonly type: 'submitted' }
  | { readonly type: 'assigned'; readonly assignments: readonly Assignment[] }
  | { readonly type: 'reminded'; readonly key: AskKey; readonly person: PersonId }
  | {
      readonly type: 'passedOn';
      readonly key: AskKey;
      readonly from: PersonId;
      readonly to: PersonId;
    }
  | { readonly type: 'escalated'; readonly key: AskKey; readonly to: PersonId | null }
  | (Scope & {
      readonly type: 'reviewed';
      readonly kind: ReviewKind;
      readonly by: PersonId;
      readonly isApproved: boolean;
      readonly note: ContentId | null;
    })
  /** Both reviews of a pair approve. */
  | (Scope & { readonly type: 'cleared' })
  | { readonly type: 'expertNamed'; readonly country: string; readonly person: PersonId }
  | {
      readonly type: 'handedOn';
      readonly country: string;
      readonly from: PersonId;
      readonly to: PersonId;
    }
  | { readonly type: 'fellDue'; readonly country: string; readonly expert: PersonId }
  | {
      readonly type: 'lapsed';
      readonly country: string;
      readonly expert: PersonId;
      readonly to: PersonId | null;
    }
  | {
      readonly type: 'verified';
      readonly country: string;
      readonly by: PersonId;
      readonly isValid: boolean;
      readonly note: ContentId | null;
    }
  | { readonly type: 'reopened'; readonly country: string; readonly kind: ReviewKind }
  | {
      readonly type: 'translated';
      readonly locale: string;
      readonly content: ContentId;
      readonly by: PersonId | null;
    }
  | {
      readonly type: 'translationApproved';
      readonly locale: string;
      readonly content: ContentId;
      readonly by: PersonId;
      readonly countries: readonly string[];
    }
  | {
      readonly type: 'translationRefused';
      readonly locale: string;
      readonly content: ContentId;
      readonly by: PersonId;
      readonly proposer: PersonId | null;
      readonly note: ContentId;
      /** Whoever had read it is told; absent where nobody could. */
      readonly severity?: RecallSeverity;
    }
  | {
      readonly type: 'judged';
      readonly by: PersonId;
      readonly verdict: Verdict;
      readonly region: RegionId;
      readonly country: string;
      readonly content: ContentId | null;
      /** What they had said before, which counts no more. */
      readonly before: Said | null;
    }
  | (Correction & { readonly type: 'withdrawn'; readonly by: PersonId });
