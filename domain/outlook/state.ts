/**
 * One finding of the look-ahead, for as long as it lasts: somebody is asked to see to it, and either
 * it is gone when the look-ahead looks again, or it is accepted until a day, with a reason.
 */
import type { AccountId, ContentId, PersonId } from '../id.ts';
import type { ByPerson, Instant } from '../loop.ts';
import type { Finding, FindingKind, Severity } from './finding.ts';

export const outlookStatuses = ['new', 'open', 'accepted', 'settled'] as const;
export type OutlookStatus = (typeof outlookStatuses)[number];

/** Share of the allowance, in percent, at which a silent person is reminded. */
export const reminderPercents = [50, 80] as const;
export type ReminderPercent = (typeof reminderPercents)[number];

/** To the manager of the one asked, and to theirs. */
export const escalationsMax = 2;
/** As far as the look-ahead looks: nobody accepts what nobody can see yet. */
export const acceptedDaysMax = 90;

export interface OutlookState extends Omit<Finding, 'account' | 'severity'> {
  readonly status: OutlookStatus;
  readonly account: AccountId | null;
  readonly severity: Severity;
  /** Whom it waits for: at first `asked`, then whoever stands above. */
  readonly waitsFor: PersonId;
  readonly since: Instant;
  /** How many of the reminders are behind it. */
  readonly reminders: number;
  readonly escalations: number;
  readonly allowanceMinutes: number;
  readonly acceptedUntil: Instant | null;
  readonly reason: ContentId | null;
}

const nobody = '' as PersonId;

export const initialOutlook: OutlookState = {
  status: 'new',
  account: null,
  kind: 'gap' satisfies FindingKind,
  subject: '',
  firstDay: '',
  severity: 'low',
  from: null,
  until: null,
  owner: nobody,
  asked: nobody,
  about: null,
  waitsFor: nobody,
  since: 0,
  reminders: 0,
  escalations: 0,
  allowanceMinutes: 0,
  acceptedUntil: null,
  reason: null,
};

/** What of a finding can change while it stays the same one. */
export type Observed = Pick<Finding, 'severity' | 'from' | 'until' | 'asked'>;

/** Of the clock and of the engine; each names what it waited for, so that a late one is stale. */
export type ClockCommand =
  | { readonly type: 'remind'; readonly since: Instant; readonly percent: ReminderPercent }
  | { readonly type: 'escalate'; readonly since: Instant; readonly to: PersonId }
  /** What was accepted until then is there still. */
  | { readonly type: 'askAgain'; readonly since: Instant }
  | (Observed & { readonly type: 'observe' })
  /** The look-ahead does not find it any more. */
  | { readonly type: 'settle' };

export type OutlookCommand =
  | (Finding & { readonly type: 'open'; readonly allowanceMinutes: number })
  | (ByPerson & {
      readonly type: 'acknowledge';
      readonly until: Instant;
      readonly reason: ContentId;
    })
  | ClockCommand;

export type OutlookEvent =
  | (Finding & { readonly type: 'opened'; readonly allowanceMinutes: number })
  | {
      readonly type: 'acknowledged';
      readonly by: PersonId;
      readonly until: Instant;
      readonly reason: ContentId;
    }
  | { readonly type: 'reminded'; readonly percent: ReminderPercent }
  | { readonly type: 'escalated'; readonly from: PersonId; readonly to: PersonId }
  | { readonly type: 'askedAgain' }
  | (Observed & { readonly type: 'observed' })
  /** Somebody else stands above the owner now. */
  | { readonly type: 'reassigned'; readonly to: PersonId }
  | { readonly type: 'settled' };
