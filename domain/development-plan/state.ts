/**
 * What somebody is going to learn, and how it is known that they have: goals from gaps, money and
 * work across a border to reach them, reviews on the way, and a new rating with evidence at the end.
 */
import type { ContentId, LoopId, PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { Competency } from '../people/competency.ts';
import type { CompetencyLevel } from '../people/competency-level.ts';
import type { EvidenceKind } from '../people/evidence.ts';

export const planStatuses = [
  'new',
  /** The person or the manager has yet to agree. */
  'proposed',
  'running',
  /** Its last day has passed: the rating and its evidence are to come. */
  'closing',
  'closed',
  'cancelled',
  'lapsed',
] as const;
export type PlanStatus = (typeof planStatuses)[number];
export const closedStatuses: readonly PlanStatus[] = ['closed', 'cancelled', 'lapsed'];

/** Who agrees. */
export const planRoles = ['subject', 'manager'] as const;
export type PlanRole = (typeof planRoles)[number];

/** Each plan has at least one of both: money for what is taught, and work that teaches. */
export const needs = ['formal', 'onTheJob'] as const;
export type Need = (typeof needs)[number];

export const goalsMax = 9;
export const linksMax = 20;
export const changesMax = 20;
/** From its start to its last day. */
export const planDaysMin = 14;
export const planDaysMax = 730;
/** Working days of the person from one review to the next. */
export const reviewDaysMin = 5;
export const reviewDaysMax = 60;
export const reviewDaysByDefault = 20;

/** Working days, each of whoever is asked. */
export const agreeDays = 5;
export const needDays = 10;
export const reviewAnswerDays = 5;
export const coachDays = 5;
export const closeDays = 5;
/** Working days of the person in which nothing happens: then it stands still, and is told. */
export const stallDays = 15;
export const closeRemindersMax = 3;

export interface Goal {
  readonly competency: Competency;
  /** As rated when it was proposed; null where nobody had rated it. */
  readonly from: CompetencyLevel | null;
  readonly to: CompetencyLevel;
  /** The open gap that it comes from. */
  readonly gap: string | null;
}

/** What both agree on. */
export interface PlanTerms {
  readonly goals: readonly Goal[];
  /** Where the person is, the last one included; and the instant after it. */
  readonly lastDay: string;
  readonly endsAt: Instant;
  readonly reviewDays: number;
  readonly coach: PersonId | null;
}

export interface Pending {
  readonly number: number;
  readonly terms: PlanTerms;
  readonly agreed: readonly PlanRole[];
  /** Who did it, of each that agreed: themselves, or who acts for them. */
  readonly hands?: Readonly<Partial<Record<PlanRole, PersonId>>>;
  readonly since: Instant;
  readonly isReminded: boolean;
}

/** A request for money, or an assignment; what has failed is not among them any more. */
export interface Link {
  readonly need: Need;
  readonly loop: LoopId;
  readonly isDone: boolean;
}

export interface Review {
  readonly number: number;
  readonly since: Instant;
  readonly isLate: boolean;
}

/** The coach is asked for their view once the person has given theirs, or has not in time. */
export interface CoachAsked {
  readonly number: number;
  readonly since: Instant;
  readonly isReminded: boolean;
}

/** Since when it is looked for; null while there is one. */
export interface Looking {
  readonly since: Instant;
  readonly isReminded: boolean;
}

export interface PlanState {
  readonly status: PlanStatus;
  readonly subject: PersonId;
  readonly manager: PersonId;
  /** Of the competency map, and it stays this one whatever replaces it. */
  readonly version: number;
  /** In force; null until both have agreed once. */
  readonly terms: PlanTerms | null;
  readonly pending: Pending | null;
  readonly number: number;
  readonly agreedAt: Instant;
  readonly links: readonly Link[];
  readonly looking: Readonly<Record<Need, Looking | null>>;
  readonly reviewsAsked: number;
  /** Of the last review that was asked for. */
  readonly reviewedAt: Instant;
  readonly review: Review | null;
  readonly coachAsked: CoachAsked | null;
  /** Of the last step that a person took in it. */
  readonly movedAt: Instant;
  readonly stalledAt: Instant | null;
  readonly endedAt: Instant;
  readonly closeReminders: number;
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

export const initialPlan: PlanState = {
  status: 'new',
  subject: nobody,
  manager: nobody,
  version: 0,
  terms: null,
  pending: null,
  number: 0,
  agreedAt: 0,
  links: [],
  looking: { formal: null, onTheJob: null },
  reviewsAsked: 0,
  reviewedAt: 0,
  review: null,
  coachAsked: null,
  movedAt: 0,
  stalledAt: null,
  endedAt: 0,
  closeReminders: 0,
  changedAt: 0,
};

/** How a linked loop stands: asked for or under way, what was wanted of it, or over without that. */
export const standings = ['open', 'done', 'failed'] as const;
export type Standing = (typeof standings)[number];

/** What a plan needs to know beside people and calendars; read where the step is recorded. */
export interface PlanFacts {
  readonly agreeBy: Instant | null;
  /** By when what is looked for should be found. */
  readonly findBy: Readonly<Record<Need, Instant | null>>;
  readonly reviewAt: Instant | null;
  readonly reviewDueAt: Instant | null;
  readonly coachDueAt: Instant | null;
  readonly closeDueAt: Instant | null;
  /** When it stands still, should nothing happen in it or in what is linked. */
  readonly stallAt: Instant | null;
}

interface ByPerson {
  readonly actor: PersonId;
  readonly onBehalfOf?: PersonId;
}
interface ByClock {
  readonly actor?: never;
  readonly onBehalfOf?: never;
}

export interface Rating {
  readonly competency: Competency;
  readonly level: CompetencyLevel;
}

/** One member of the union for each type, so that a type picks its own. */
type Each<Type extends string, Rest = unknown> = Type extends string
  ? { readonly type: Type } & Rest
  : never;

export interface LinkedLoop {
  readonly need: Need;
  readonly loop: LoopId;
}

export type ClockCommand = ByClock &
  (
    | Each<'remindAgree' | 'lapse' | 'askReview' | 'lateReview' | 'remindCoach'>
    | Each<'stall' | 'end' | 'remindClose' | 'drop'>
    | { readonly type: 'remindNeed'; readonly need: Need }
    | { readonly type: 'replaceManager'; readonly from: PersonId; readonly to: PersonId }
    | { readonly type: 'loseCoach'; readonly coach: PersonId }
    /** By a step of the loop that is linked: its end. */
    | { readonly type: 'hear'; readonly loop: LoopId; readonly standing: Standing }
  );

export type PlanCommand =
  | (ByPerson & {
      readonly type: 'start';
      readonly subject: PersonId;
      readonly manager: PersonId;
      readonly version: number;
      readonly terms: PlanTerms;
    })
  | Each<'agree' | 'stepDown', ByPerson>
  | Each<'refuse' | 'cancel', ByPerson & { readonly content: ContentId | null }>
  | (ByPerson & { readonly type: 'change'; readonly terms: PlanTerms })
  /** Without a person: by the step of a request that names this plan. */
  | ((ByPerson | ByClock) & LinkedLoop & { readonly type: 'link' })
  | Each<'review' | 'coach', ByPerson & { readonly content: ContentId }>
  | (ByPerson & {
      readonly type: 'close';
      /** Of goals that nobody has rated since both agreed, and of others if need be. */
      readonly ratings: readonly Rating[];
      readonly evidence: EvidenceKind;
      readonly content: ContentId;
    })
  | ClockCommand;

export type PlanEvent =
  | {
      readonly type: 'started';
      readonly by: PersonId;
      readonly subject: PersonId;
      readonly manager: PersonId;
      readonly version: number;
      readonly terms: PlanTerms;
      readonly hand?: PersonId;
    }
  | {
      readonly type: 'consented';
      readonly role: PlanRole;
      readonly by: PersonId;
      readonly hand?: PersonId;
    }
  | { readonly type: 'agreed'; readonly number: number }
  | {
      readonly type: 'changeProposed';
      readonly by: PersonId;
      readonly terms: PlanTerms;
      readonly hand?: PersonId;
    }
  | Each<
      'refused' | 'changeRefused' | 'cancelled',
      { readonly by: PersonId | null; readonly content: ContentId | null }
    >
  | Each<'agreeReminded' | 'lapsed' | 'changeLapsed' | 'stalled' | 'ended' | 'closeReminded'>
  | (LinkedLoop & { readonly type: 'linked'; readonly by: PersonId | null })
  | (LinkedLoop & { readonly type: 'fulfilled' })
  | (LinkedLoop & { readonly type: 'reopened' })
  | { readonly type: 'needReminded'; readonly need: Need }
  | Each<'reviewAsked' | 'reviewLate', { readonly number: number }>
  | Each<
      'reviewed' | 'coached',
      { readonly number: number; readonly by: PersonId; readonly content: ContentId }
    >
  | Each<'coachReminded'>
  | { readonly type: 'coachGone'; readonly coach: PersonId }
  | { readonly type: 'managerReplaced'; readonly from: PersonId; readonly to: PersonId }
  | {
      readonly type: 'closed';
      readonly by: PersonId;
      readonly ratings: readonly Rating[];
      readonly evidence: EvidenceKind;
      readonly content: ContentId;
    };
