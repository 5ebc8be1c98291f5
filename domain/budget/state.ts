/**
 * A request for development money, from its submission to what was learned of it. Money is kept for
 * it at once; people decide in steps, each with a clock of their own, and silence decides nothing.
 */
import type { ContentId, LoopId, PersonId, RegionId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { LeftOut, RouteStep } from './route.ts';

export const budgetStatuses = [
  'new',
  /** Those of the current step are asked. */
  'waiting',
  /** A question to the requester is open: the approvers' clock stands still. */
  'questioned',
  /** Decided; evidence of the purchase and what was learned are to come. */
  'approved',
  'completed',
  'rejected',
  'withdrawn',
  'lapsed',
] as const;
export type BudgetStatus = (typeof budgetStatuses)[number];
export const closedStatuses: readonly BudgetStatus[] = [
  'completed',
  'rejected',
  'withdrawn',
  'lapsed',
];

export const requestKinds = [
  'course',
  'coaching',
  'conference',
  'executive_programme',
  'assignment',
] as const;
export type RequestKind = (typeof requestKinds)[number];
/** What a ring-fenced line may be spent on. */
export const leadershipKinds: readonly RequestKind[] = [
  'course',
  'coaching',
  'executive_programme',
];

export const instalmentsMax = 8;
export const questionsMax = 5;
/** Of one step: whom a rule may ask at once. */
export const seatsMax = 50;
/** Of one step: how many of those left out are told of. */
export const leftOutMax = 50;
/** Of one seat, each to somebody else. */
export const remindersMax = 3;
export const closeOutRemindersMax = 3;
/** Between two reminders of a close-out, in the requester's working time. */
export const closeOutReminderMinutes = 2_400;
/** Requests of one person within so many days are looked at together. */
export const splittingDays = 30;

/** Part of the whole, kept on the line of the fiscal year in which it is due. */
export interface Instalment {
  readonly line: string;
  /** A day in the requester's region, such as `2027-03-10`. */
  readonly due: string;
  /** In minor units of the currency that is asked for; text, since it may be beyond a number. */
  readonly minor: string;
  /** What was spent, once there is evidence of it. */
  readonly spent: string | null;
}

/** One voice of a step: whoever is asked, and who was added when they stayed silent. */
export interface Seat {
  readonly person: PersonId;
  /** Who has left, and whose seat it was. */
  readonly insteadOf: PersonId | null;
  readonly since: Instant;
  readonly isReminded: boolean;
  /** Whoever decided for them then; without it, they themselves were. */
  readonly remindedTo?: readonly PersonId[];
  readonly overdueAt: Instant | null;
  readonly added: PersonId | null;
  readonly decidedBy: PersonId | null;
  /** The delegate who said it in their name. */
  readonly spokenBy?: PersonId;
}

export interface SeatedStep {
  readonly name: string;
  /** How many of the seats must agree; 0 where those of earlier steps are enough. */
  readonly needs: number;
  readonly seats: readonly Seat[];
  /** Planned to have agreed before it is reached; whoever has not is asked here after all. */
  readonly counted?: readonly PersonId[];
  readonly leftOut?: readonly LeftOut[];
}

/** When the clock of the current step ran; the last has no end while it runs. */
export interface Run {
  readonly from: Instant;
  readonly until: Instant | null;
}

/** Minutes of working time, and percent, as the policies say at submission. */
export interface BudgetTerms {
  readonly allowanceMinutes: number;
  readonly lapseMinutes: number;
  readonly answerMinutes: number;
  readonly closeOutMinutes: number;
  readonly tolerancePercent: number;
}

export interface Question {
  readonly by: PersonId;
  readonly at: Instant;
}

export interface Decided {
  readonly by: PersonId;
  readonly at: Instant;
}

/** By what a request is decided: frozen with it, and chosen anew for a higher amount. */
interface Ruling {
  readonly policy: string;
  readonly rules: readonly RouteStep[];
  readonly routed: string;
  readonly isSplit: boolean;
  readonly isException?: boolean;
}

/** What a higher amount is decided by, as a new request for the whole would be. */
export interface RaisedRoute extends Ruling {
  readonly steps: readonly StepPeople[];
}

/** A higher amount for one instalment, to be decided anew. */
export interface Raise {
  readonly instalment: number;
  readonly minor: string;
  /** Whoever asks for it, in whose name too: none of them decides. */
  readonly by?: readonly PersonId[];
  /** Holds again where it is not granted. */
  readonly before?: Ruling;
}

export interface BudgetState {
  readonly status: BudgetStatus;
  readonly requester: PersonId;
  /** Whoever submitted it in the requester's name, by a delegation: they do not decide on it. */
  readonly submittedBy?: PersonId;
  readonly region: RegionId;
  readonly purpose: string;
  readonly kind: RequestKind;
  readonly involvesProfessionals: boolean;
  readonly isException: boolean;
  /** The competency gap and the plan that it serves, by their ids. */
  readonly gap: string | null;
  readonly plan: string | null;
  /** How long the requester stays afterwards, or pays back. */
  readonly serviceMonths: number;
  readonly currency: string;
  readonly instalments: readonly Instalment[];
  /** In minor units of the lines' currency: what the layers were chosen by. */
  readonly routed: string;
  /** Submitted beside others that together pass a threshold which none passes alone. */
  readonly isSplit: boolean;
  /** The last day of what is paid for, and the instant after it. */
  readonly ends: string;
  readonly endsAt: Instant;
  readonly request: ContentId | null;
  /** Of the rules that hold for it whatever changes later. */
  readonly policy: string;
  readonly rules: readonly RouteStep[];
  readonly terms: BudgetTerms;
  readonly steps: readonly SeatedStep[];
  readonly current: number;
  readonly runs: readonly Run[];
  readonly question: Question | null;
  readonly questions: number;
  readonly decided: Decided | null;
  /** Somebody has agreed to less than was asked for. */
  readonly isLowered?: boolean;
  /** For the first time: a higher amount later does not put off the close-out. */
  readonly grantedAt?: Instant;
  readonly raise: Raise | null;
  /** Counts them, so that what each kept is known. */
  readonly raises: number;
  /** Counts how often people of a step were replaced. */
  readonly reroutes: number;
  readonly closeOutReminders: number;
  readonly changedAt: Instant;
}

export const initialBudget: BudgetState = {
  status: 'new',
  requester: '' as PersonId,
  region: '' as RegionId,
  purpose: '',
  kind: 'course',
  involvesProfessionals: false,
  isException: false,
  gap: null,
  plan: null,
  serviceMonths: 0,
  currency: '',
  instalments: [],
  routed: '0',
  isSplit: false,
  ends: '',
  endsAt: 0,
  request: null,
  policy: '',
  rules: [],
  terms: {
    allowanceMinutes: 0,
    lapseMinutes: 0,
    answerMinutes: 0,
    closeOutMinutes: 0,
    tolerancePercent: 0,
  },
  steps: [],
  current: 0,
  runs: [],
  question: null,
  questions: 0,
  decided: null,
  raise: null,
  raises: 0,
  reroutes: 0,
  closeOutReminders: 0,
  changedAt: 0,
};

/** Whom a step asks. */
export interface StepPeople {
  readonly name: string;
  readonly needs: number;
  readonly people: readonly {
    readonly person: PersonId;
    readonly insteadOf: PersonId | null;
  }[];
  readonly counted?: readonly PersonId[];
  readonly leftOut?: readonly LeftOut[];
}

/** A step as the people of today fill it. */
export interface LiveStep {
  readonly name: string;
  readonly needs: number;
  readonly named: readonly PersonId[];
  /** From above the requester, where those named are not enough. */
  readonly upward: readonly PersonId[];
  /** Those of earlier steps whose agreement counts here. */
  readonly counted: readonly PersonId[];
  readonly countedUpward: readonly PersonId[];
  /** Whom the rule names and who is not asked here. */
  readonly leftOut: readonly LeftOut[];
}

/** What a plan needs to know beside people and calendars. */
export interface BudgetFacts {
  /** Null where some step can be filled by nobody. */
  readonly live: readonly LiveStep[] | null;
  /** Whom a step comes to when this person stays silent or has left, the nearest first. */
  readonly superiors: Readonly<Record<PersonId, readonly PersonId[]>>;
  /** Who could be asked by a delegation and may not decide: the step stays with whoever gave it. */
  readonly barred: readonly PersonId[];
}

/** Each with words in their content. */
type Said<Type extends string> = Type extends string
  ? { readonly type: Type; readonly content: ContentId }
  : never;
/** Each of one instalment, in minor units, with what shows it. */
type OfInstalment<Type extends string> = Proof & { readonly type: Type };

export interface Proof {
  readonly instalment: number;
  readonly minor: string;
  readonly content: ContentId;
}

/** What a request asks for, with the rules and the people that it is decided by. */
export interface Submission {
  readonly requester: PersonId;
  readonly region: RegionId;
  readonly purpose: string;
  readonly kind: RequestKind;
  readonly involvesProfessionals: boolean;
  readonly isException: boolean;
  readonly gap: string | null;
  readonly plan: string | null;
  readonly serviceMonths: number;
  readonly currency: string;
  readonly instalments: readonly Omit<Instalment, 'spent'>[];
  readonly routed: string;
  readonly isSplit: boolean;
  readonly ends: string;
  readonly endsAt: Instant;
  readonly policy: string;
  readonly rules: readonly RouteStep[];
  readonly terms: BudgetTerms;
  readonly steps: readonly StepPeople[];
}

export type BudgetClockCommand = ByClock &
  /** `to`: who decides for them now. */
  (
    | { readonly type: 'remind'; readonly person: PersonId; readonly to?: PersonId }
    /** Their allowance is over; `to` is asked beside them from now on. */
    | { readonly type: 'overdue'; readonly person: PersonId; readonly to: PersonId | null }
    | { readonly type: 'lapse' | 'lapseQuestion' | 'remindCloseOut' }
    /** Whoever a step asked may not decide any more, or somebody else may. */
    | { readonly type: 'reroute'; readonly steps: readonly StepPeople[] }
  );

export type BudgetCommand =
  | ((ByPerson | ByClock) &
      Submission & {
        readonly type: 'submit';
        readonly request: ContentId;
        /** The loop whose recorded step begins this one, where no person does. */
        readonly openedBy?: LoopId;
      })
  /** `amounts`: less than asked for, by instalment, in minor units. */
  | (ByPerson & { readonly type: 'approve'; readonly amounts?: readonly string[] })
  /** By the named approver: `minor` is how much the line may be raised, in its currency. */
  | (ByPerson & {
      readonly type: 'except';
      readonly minor: string;
      readonly content: ContentId;
    })
  | (ByPerson & Said<'reject' | 'ask' | 'answer'>)
  | (ByPerson & { readonly type: 'withdraw' })
  | (ByPerson & OfInstalment<'prove'>)
  | (ByPerson & OfInstalment<'raise'> & { readonly route?: RaisedRoute })
  | (ByPerson & {
      readonly type: 'closeOut';
      readonly content: ContentId;
      readonly lesson: ContentId | null;
      /** The last evidence, where it comes with the outcome. */
      readonly proof?: Proof;
    })
  | BudgetClockCommand;

export type BudgetEvent =
  | (Submission & {
      readonly type: 'submitted';
      readonly request: ContentId;
      readonly by: PersonId | null;
      readonly submittedBy?: PersonId;
    })
  /** `isFinal`: nobody else is asked. */
  | {
      readonly type: 'approved';
      readonly by: PersonId;
      readonly spokenBy?: PersonId;
      readonly amounts: readonly string[] | null;
      readonly isFinal: boolean;
    }
  | (Said<'excepted'> & {
      readonly by: PersonId;
      readonly spokenBy?: PersonId;
      readonly minor: string;
    })
  | (Said<'rejected' | 'asked' | 'answered'> & { readonly by: PersonId })
  /** `isUndecided`: somebody was asked. */
  | { readonly type: 'withdrawn'; readonly by: PersonId; readonly isUndecided: boolean }
  | (OfInstalment<'proven'> & { readonly by: PersonId })
  | (OfInstalment<'raised'> & {
      readonly by: PersonId;
      readonly raisedBy?: readonly PersonId[];
      readonly route?: RaisedRoute;
    })
  | {
      readonly type: 'completed';
      readonly by: PersonId;
      readonly content: ContentId;
      readonly lesson: ContentId | null;
    }
  | { readonly type: 'reminded'; readonly person: PersonId; readonly to?: PersonId }
  | { readonly type: 'overdue'; readonly person: PersonId; readonly to: PersonId | null }
  | { readonly type: 'lapsed' | 'questionLapsed' | 'closeOutReminded' }
  | { readonly type: 'rerouted'; readonly steps: readonly StepPeople[] };

/** The step that is asked now; null while nothing is to be decided. */
export const currentStep = ({ status, steps, current }: BudgetState): SeatedStep | null =>
  status === 'waiting' || status === 'questioned' ? (steps[current] ?? null) : null;

export const openSeats = (state: BudgetState): readonly Seat[] =>
  (currentStep(state)?.seats ?? []).filter(({ decidedBy }) => decidedBy === null);

/** In minor units: what is granted, or asked for while something is to be decided. */
export const totalOf = ({ instalments, raise }: BudgetState): bigint =>
  instalments.reduce((sum, { minor }, index) => {
    return sum + BigInt(raise?.instalment === index ? raise.minor : minor);
  }, 0n);

/** The step of the named approver of exceptions, before all others. */
export const exceptionStep = 'exception';
export const isExceptionStep = (step: SeatedStep | null): boolean => step?.name === exceptionStep;
