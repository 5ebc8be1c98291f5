/**
 * Somebody works across a border for a while: participant, home manager and host manager agree on the
 * same terms, it begins and ends by itself, and it closes once everybody has said what it taught.
 */
import type { AccountId, ContentId, LoopId, PersonId, RegionId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { Competency } from '../people/competency.ts';
import type { CompetencyLevel } from '../people/competency-level.ts';

export const assignmentKinds = ['virtual', 'shadowing', 'mentorship', 'onsite'] as const;
export type AssignmentKind = (typeof assignmentKinds)[number];

/** Whoever travels lives by the host's clock; whoever stays at home, by their own. */
export const isAtHost = (kind: AssignmentKind): boolean =>
  kind === 'onsite' || kind === 'shadowing';

export const assignmentStatuses = [
  'new',
  'proposed',
  'agreed',
  /** Its first day has come, and a gate is closed: it begins once somebody says so. */
  'waiting',
  'running',
  /** It is over; a lesson, feedback or the rating is still missing. */
  'closing',
  'closed',
  'declined',
  'lapsed',
  'cancelled',
] as const;
export type AssignmentStatus = (typeof assignmentStatuses)[number];
export const closedStatuses: readonly AssignmentStatus[] = [
  'closed',
  'declined',
  'lapsed',
  'cancelled',
];

/** Who signs, each for their side. */
export const signerRoles = ['participant', 'home', 'host'] as const;
export type SignerRole = (typeof signerRoles)[number];

/** What days that are spent at the host ask to be looked into; information, not advice. */
export const duties = ['mobility', 'posted_worker', 'insurance'] as const;
export type Duty = (typeof duties)[number];

export const lessonKinds = ['win', 'failure'] as const;
export type LessonKind = (typeof lessonKinds)[number];

/** Working days in which a proposal is signed, of whoever of the three needs longest; the last counts. */
export const signDays = 5;
export const changesMax = 50;
export const goalsMax = 9;
export const accountsMax = 20;
export const assignmentDaysMax = 800;
/** Before an account's cover begins, colleagues are asked. */
export const coverLeadMs = 14 * 86_400_000;
/** As long as a cover may be; a longer assignment asks for one after the other. */
export const coverMsMax = 90 * 86_400_000;
/** Between two covers, so that the first has given the account back before the next takes it. */
export const coverGapMs = 900_000;
/** From one check-in to the next; none in the last two weeks. */
export const checkInEveryMs = 45 * 86_400_000;
export const checkInNotInLastMs = 14 * 86_400_000;
/** Working days of the participant. */
export const checkInDays = 5;
export const checkInLateDays = 2;
export const firstMeetingDays = 10;
export const meetingDays = 14;
export const closingReminderDays = 5;
/** Working days of whoever holds a training that has ended, before its absence is told again. */
export const renewDays = 5;

export interface Goal {
  readonly competency: Competency;
  readonly level: CompetencyLevel;
}

/** What the three sign. Days are those of the place where they are spent, the last one included. */
export interface Terms {
  readonly firstDay: string;
  readonly lastDay: string;
  /** Hours a week, and how many of them while the host works too. */
  readonly weeklyHours: number;
  readonly overlapHours: number;
  readonly goals: readonly Goal[];
  /** Covered for as long as it lasts. */
  readonly accounts: readonly AccountId[];
  readonly home: PersonId;
  readonly host: PersonId;
}

export interface Pending {
  readonly number: number;
  readonly terms: Terms;
  readonly signed: readonly SignerRole[];
  /** Who acted for these sides, also under a delegation; absent in what was proposed before this was kept. */
  readonly signedBy?: readonly PersonId[];
  readonly since: Instant;
  readonly isReminded: boolean;
  /** Where its days go beyond those that were looked into: what was found of these; else what counts already. */
  readonly gates?: Gates;
}

/** Looked into before anybody signs. */
export interface Gates {
  readonly isMobilityDone: boolean;
  readonly isApproved: boolean;
}

export interface CheckIn {
  readonly number: number;
  readonly since: Instant;
  readonly isLate: boolean;
}

/** Somebody’s training has ended while it runs, and none follows it yet. */
export interface LapsedTraining {
  readonly person: PersonId;
  readonly since: Instant;
  readonly isReminded: boolean;
}

export interface AssignmentState {
  readonly status: AssignmentStatus;
  readonly kind: AssignmentKind;
  readonly participant: PersonId;
  readonly proposer: PersonId | null;
  readonly homeRegion: RegionId;
  readonly hostRegion: RegionId;
  /** Whoever says whether regulations allow it; of shadowing alone. */
  readonly compliance: PersonId | null;
  readonly isApproved: boolean;
  readonly opportunity: string | null;
  readonly doneDuties: readonly Duty[];
  /** In force; null until all three have signed once. */
  readonly terms: Terms | null;
  readonly pending: Pending | null;
  readonly number: number;
  readonly changedAt: Instant;
  readonly agreedAt: Instant;
  /** Until then covers have been asked for. */
  readonly coveredUntil: Instant;
  readonly startedAt: Instant;
  readonly checkInsAsked: number;
  readonly checkIn: CheckIn | null;
  readonly stalledAt: Instant | null;
  readonly endedAt: Instant;
  readonly isClosingReminded: boolean;
  readonly hasLesson: boolean;
  readonly feedback: readonly SignerRole[];
  readonly isRated: boolean;
  /** Absent where none ever has; whoever signs no more is not looked at. */
  readonly lapsedTrainings?: readonly LapsedTraining[];
}

const nobody = '' as PersonId;
const nowhere = '' as RegionId;

export const initialAssignment: AssignmentState = {
  status: 'new',
  kind: 'virtual',
  participant: nobody,
  proposer: null,
  homeRegion: nowhere,
  hostRegion: nowhere,
  compliance: null,
  isApproved: false,
  opportunity: null,
  doneDuties: [],
  terms: null,
  pending: null,
  number: 0,
  changedAt: 0,
  agreedAt: 0,
  coveredUntil: 0,
  startedAt: 0,
  checkInsAsked: 0,
  checkIn: null,
  stalledAt: null,
  endedAt: 0,
  isClosingReminded: false,
  hasLesson: false,
  feedback: [],
  isRated: false,
};

/** Half-open, from the first midnight to the one after the last day, where the days are spent. */
export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

/** What a plan needs to know beside people and calendars; read where the step is recorded. */
export interface AssignmentFacts {
  /** Of the terms in force. */
  readonly days: Span | null;
  readonly signBy: Instant | null;
  /** Whose training ends before the last day, or who has none. */
  readonly untrained: readonly PersonId[];
  /** The instant after the last day on which their training counts, of each of the three; 0 for none. */
  readonly trainedUntil: Readonly<Record<PersonId, Instant>>;
  /** By when a training that has lapsed should be there again. */
  readonly renewBy: Readonly<Record<PersonId, Instant>>;
  readonly checkInDueAt: Instant | null;
  readonly checkInLateAt: Instant | null;
  readonly stallAt: Instant | null;
  readonly remindClosingAt: Instant | null;
  /** Of each region, for when nobody else stands above a signer who has left. */
  readonly managers: Readonly<Record<'home' | 'host', PersonId | null>>;
  /** Who can say now whether regulations allow it: the host region's own first. Of shadowing alone. */
  readonly approvers: readonly PersonId[];
}

export interface AssignmentProposal {
  readonly kind: AssignmentKind;
  readonly participant: PersonId;
  readonly homeRegion: RegionId;
  readonly hostRegion: RegionId;
  readonly compliance: PersonId | null;
  readonly opportunity: string | null;
  readonly terms: Terms;
}

export interface Rating {
  readonly competency: Competency;
  readonly level: CompetencyLevel;
}

/** One member of the union for each type, so that a type picks its own. */
type Each<Type extends string, Rest = unknown> = Type extends string
  ? { readonly type: Type } & Rest
  : never;

export type ClockCommand = ByClock &
  (
    | Each<'remindSign' | 'lapse' | 'begin' | 'block' | 'checkIn' | 'checkInLate'>
    | Each<'stall' | 'end' | 'remindClosing' | 'drop'>
    | Each<'lapseTraining' | 'renewTraining' | 'remindRenewal', { readonly person: PersonId }>
    | { readonly type: 'askCovers'; readonly from: Instant; readonly until: Instant }
    | {
        readonly type: 'replaceSigner';
        readonly role: 'home' | 'host';
        readonly person: PersonId;
        readonly to: PersonId;
      }
    | Each<'replaceApprover', { readonly person: PersonId; readonly to: PersonId }>
  );

export type AssignmentCommand =
  /** Without a person: by the step of another loop, such as a plan, that is named. */
  | ((ByPerson | (ByClock & { readonly openedBy: LoopId })) &
      AssignmentProposal & { readonly type: 'propose' })
  | Each<'sign' | 'start' | 'cancel' | 'returnEarly' | 'approve' | 'confirmTraining', ByPerson>
  | Each<'decline' | 'forbid', ByPerson & { readonly content: ContentId | null }>
  | (ByPerson & { readonly type: 'change'; readonly terms: Terms })
  | (ByPerson & { readonly type: 'finishDuty'; readonly duty: Duty })
  | Each<'answerCheckIn' | 'giveFeedback', ByPerson & { readonly content: ContentId }>
  | (ByPerson & {
      readonly type: 'giveLesson';
      readonly lesson: LessonKind;
      readonly content: ContentId;
    })
  | (ByPerson & {
      readonly type: 'rate';
      readonly ratings: readonly Rating[];
      readonly content: ContentId;
    })
  | ClockCommand;

export type AssignmentEvent =
  | (AssignmentProposal & { readonly type: 'proposed'; readonly proposer: PersonId | null })
  | { readonly type: 'changeProposed'; readonly by: PersonId; readonly terms: Terms }
  | {
      readonly type: 'signed';
      readonly role: SignerRole;
      readonly by: PersonId;
      /** Under a delegation: who did, for them. */
      readonly actor?: PersonId;
    }
  | {
      readonly type: 'agreed';
      readonly number: number;
      /** Its first day has moved: whatever was asked for is given up, and asked for anew. */
      readonly coversAnew?: true;
    }
  | Each<
      'declined' | 'changeDeclined' | 'forbidden',
      { readonly by: PersonId; readonly content: ContentId | null }
    >
  | { readonly type: 'approved'; readonly by: PersonId }
  | Each<'signReminded' | 'lapsed' | 'changeLapsed' | 'blocked' | 'stalled' | 'closed'>
  | Each<'closingReminded'>
  | Each<'trainingLapsed' | 'trainingRenewed' | 'renewalReminded', { readonly person: PersonId }>
  | { readonly type: 'dutyDone'; readonly duty: Duty; readonly by: PersonId }
  | { readonly type: 'coversAsked'; readonly from: Instant; readonly until: Instant }
  | { readonly type: 'begun'; readonly by: PersonId | null }
  | Each<'checkInAsked' | 'checkInLate', { readonly number: number }>
  | {
      readonly type: 'checkInAnswered';
      readonly number: number;
      readonly by: PersonId;
      readonly content: ContentId;
    }
  | Each<'ended' | 'cancelled', { readonly by: PersonId | null }>
  | {
      readonly type: 'signerReplaced';
      readonly role: 'home' | 'host';
      readonly person: PersonId;
      readonly to: PersonId;
    }
  | Each<'approverReplaced', { readonly person: PersonId; readonly to: PersonId }>
  | {
      readonly type: 'lessonGiven';
      readonly lesson: LessonKind;
      readonly by: PersonId;
      readonly content: ContentId;
    }
  | {
      readonly type: 'feedbackGiven';
      readonly role: SignerRole;
      readonly by: PersonId;
      readonly content: ContentId;
    }
  | {
      readonly type: 'rated';
      readonly ratings: readonly Rating[];
      readonly by: PersonId;
      readonly content: ContentId;
    };
