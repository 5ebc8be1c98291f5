/**
 * What cannot wait: it goes at once to whoever is awake and answers for it, and on to the next until
 * somebody takes it. Only this loop asks people outside their hours by itself, and it says why.
 */
import type { AccountId, ContentId, PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';

export const alertStatuses = [
  'new',
  'calling',
  /** Everybody was called as often as they may be: it stays theirs until somebody takes it. */
  'unanswered',
  'acknowledged',
  /** Done before anybody took it. */
  'resolved',
  'withdrawn',
] as const;
export type AlertStatus = (typeof alertStatuses)[number];
export const closedStatuses: readonly AlertStatus[] = ['acknowledged', 'resolved', 'withdrawn'];

/** Why it is this person, in the order in which people are called. */
export const callReasons = [
  'owner_at_work',
  'duty_at_work',
  'owner',
  'backup',
  'manager',
  'region_manager',
] as const;
export type CallReason = (typeof callReasons)[number];

/** Until the next is called, where the policy `alert.minutes` does not say. */
export const answerMinutesByDefault = 15;
export const answerMinutesMax = 240;
/** How often the whole ladder is called. */
export const roundsMax = 3;
/** Of all regions, at one instant. */
export const dutyPeopleMax = 5;
/** Of one alert, whoever it comes to afterwards included. */
export const callsMax = 150;
/** Of one account. */
export const openAlertsMax = 10;

export interface Call {
  readonly person: PersonId;
  readonly reason: CallReason;
  /** They did not work then. */
  readonly isOutside: boolean;
  readonly at: Instant;
  readonly round: number;
}

export interface AlertState {
  readonly status: AlertStatus;
  readonly account: AccountId | null;
  /** Of the account when it was raised. */
  readonly owner: PersonId;
  readonly raiser: PersonId;
  readonly text: ContentId | null;
  /** The item of the account that it is about. */
  readonly item: string;
  readonly dueAt: Instant;
  readonly answerMinutes: number;
  readonly calls: readonly Call[];
  readonly acknowledgedBy: PersonId | null;
  readonly since: Instant;
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

export const initialAlert: AlertState = {
  status: 'new',
  account: null,
  owner: nobody,
  raiser: nobody,
  text: null,
  item: '',
  dueAt: 0,
  answerMinutes: answerMinutesByDefault,
  calls: [],
  acknowledgedBy: null,
  since: 0,
  changedAt: 0,
};

export interface Raised {
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly text: ContentId;
  readonly item: string;
  readonly dueAt: Instant;
  readonly answerMinutes: number;
}

/** Whom the clock calls next, and why. */
export interface NextCall {
  readonly to: PersonId;
  readonly reason: CallReason;
  readonly isOutside: boolean;
  readonly round: number;
}

export interface Follower extends Omit<NextCall, 'round'> {}

export type ClockCommand = ByClock &
  (
    | (NextCall & { readonly type: 'call'; readonly calls: number })
    | {
        readonly type: 'giveUp';
        readonly to: PersonId;
        readonly isOutside?: boolean;
        readonly calls: number;
      }
    /** Unanswered: it comes to whoever owns the account, or manages its region, by now. */
    | (Follower & { readonly type: 'follow'; readonly calls: number })
    /** What it is about is done. */
    | { readonly type: 'resolve' }
  );

export type AlertCommand =
  | (ByPerson & Raised & { readonly type: 'raise' })
  | (ByPerson & { readonly type: 'acknowledge' | 'withdraw' })
  | ClockCommand;

export type AlertEvent =
  | (Raised & { readonly type: 'raised'; readonly by: PersonId })
  | (NextCall & { readonly type: 'called' })
  | { readonly type: 'unanswered'; readonly to: PersonId; readonly isOutside?: boolean }
  | (Follower & { readonly type: 'followed' })
  | { readonly type: 'acknowledged' | 'withdrawn'; readonly by: PersonId }
  | { readonly type: 'resolved' };
