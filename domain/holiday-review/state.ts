/**
 * A holiday that law leaves to an announcement is provisional. Before it matters, the manager of its
 * region says whether it stays, falls on another day, or is none.
 */
import type { PersonId, RegionId } from '../id.ts';
import type { ByPerson, Instant } from '../loop.ts';

export const holidayReviewStatuses = [
  'new',
  'asked',
  'confirmed',
  'corrected',
  'settled',
  'lapsed',
] as const;
export type HolidayReviewStatus = (typeof holidayReviewStatuses)[number];

/** Share of the allowance, in percent, at which a silent person is reminded. */
export const reminderPercents = [50, 80] as const;
export type ReminderPercent = (typeof reminderPercents)[number];

export interface HolidayReviewState {
  readonly status: HolidayReviewStatus;
  readonly region: RegionId;
  /** `2027-03-10`, in the region. */
  readonly day: string;
  /** Midnight of that day in the region: the review ends there, with or without an answer. */
  readonly beginsAt: Instant;
  /** The manager of the region; once they were silent, somebody above them too. */
  readonly reviewer: PersonId;
  readonly alsoAsked: PersonId | null;
  readonly since: Instant;
  /** How many of the reminders are behind it. */
  readonly reminders: number;
  readonly allowanceMinutes: number;
}

export const initialHolidayReview: HolidayReviewState = {
  status: 'new',
  region: '' as RegionId,
  day: '',
  beginsAt: 0,
  reviewer: '' as PersonId,
  alsoAsked: null,
  since: 0,
  reminders: 0,
  allowanceMinutes: 0,
};

/** Of the clock and of the engine; each names what it waited for, so that a late one is stale. */
export type ClockCommand =
  | { readonly type: 'remind'; readonly since: Instant; readonly percent: ReminderPercent }
  | { readonly type: 'escalate'; readonly since: Instant; readonly to: PersonId }
  | { readonly type: 'lapse' }
  /** The organisation's file or the seed has said so meanwhile. */
  | { readonly type: 'settle' };

export type HolidayReviewCommand =
  | {
      readonly type: 'ask';
      readonly region: RegionId;
      readonly day: string;
      readonly beginsAt: Instant;
      readonly reviewer: PersonId;
      readonly allowanceMinutes: number;
    }
  | (ByPerson & { readonly type: 'confirm' })
  /** Null: it is no holiday. */
  | (ByPerson & { readonly type: 'correct'; readonly movedTo: string | null })
  | ClockCommand;

export type HolidayReviewEvent =
  | {
      readonly type: 'asked';
      readonly region: RegionId;
      readonly day: string;
      readonly beginsAt: Instant;
      readonly reviewer: PersonId;
      readonly allowanceMinutes: number;
    }
  | { readonly type: 'confirmed'; readonly by: PersonId }
  | { readonly type: 'corrected'; readonly by: PersonId; readonly movedTo: string | null }
  | { readonly type: 'reminded'; readonly percent: ReminderPercent }
  | { readonly type: 'escalated'; readonly to: PersonId }
  | { readonly type: 'lapsed' }
  | { readonly type: 'settled' };
