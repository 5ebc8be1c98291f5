/**
 * Several people say how they see one person's work, so that blind spots show: named by that person,
 * settled by the manager, asked when it is not too much for them, and shown only together.
 */
import type { PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { RaterGroup, ShownGroup } from './groups.ts';

export const roundStatuses = [
  'new',
  'nominating',
  'reviewing',
  'open',
  'closed',
  'cancelled',
] as const;
export type RoundStatus = (typeof roundStatuses)[number];

/** Of those the subject and the manager name, beside themselves. */
export const nomineesMax = 20;
/** How long whoever is asked has, at the least and at the most, from the start of the round on. */
export const windowDaysMin = 5;
export const windowDaysMax = 60;
/** Working time for naming, and for settling who is asked. */
export const nominationMinutes = 1_440;

export interface Nominee {
  readonly person: PersonId;
  readonly group: 'peers' | 'reports';
}

export const raterStatuses = ['waiting', 'asked', 'answered', 'declined'] as const;
export type RaterStatus = (typeof raterStatuses)[number];

export interface Rater {
  readonly person: PersonId;
  readonly group: RaterGroup | 'self';
  /** With whom together the answers are kept and shown. */
  readonly shownAs: ShownGroup | 'self';
  readonly status: RaterStatus;
  readonly askedAt: Instant | null;
  readonly isReminded: boolean;
}

export interface RoundState {
  readonly status: RoundStatus;
  readonly subject: PersonId;
  readonly starter: PersonId;
  /** Settles who is asked, and answers too. */
  readonly manager: PersonId;
  readonly nominees: readonly Nominee[];
  readonly raters: readonly Rater[];
  readonly closesAt: Instant;
  /** Since when the open step of nominating or reviewing waits. */
  readonly since: Instant;
  readonly isReminded: boolean;
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

export const initialRound: RoundState = {
  status: 'new',
  subject: nobody,
  starter: nobody,
  manager: nobody,
  nominees: [],
  raters: [],
  closesAt: 0,
  since: 0,
  isReminded: false,
  changedAt: 0,
};

/** When each of those who wait were asked for other people, or are going to be. */
export interface RoundFacts {
  readonly asks: Readonly<Record<PersonId, readonly Instant[]>>;
}

export type ClockCommand = ByClock &
  (
    | { readonly type: 'remind' | 'lapse'; readonly since: Instant }
    | { readonly type: 'ask' | 'remindRater'; readonly person: PersonId }
    | { readonly type: 'passOn'; readonly to: PersonId }
    | { readonly type: 'close' | 'drop' }
  );

interface Named {
  readonly nominees: readonly Nominee[];
}

export type RoundCommand =
  | (ByPerson & {
      readonly type: 'start';
      readonly subject: PersonId;
      readonly manager: PersonId;
      readonly closesAt: Instant;
    })
  | (ByPerson & Named & { readonly type: 'nominate' })
  | (ByPerson & Named & { readonly type: 'release' })
  /** What was answered waits under the ticket, apart from who answers; no event names it. */
  | (ByPerson & { readonly type: 'answer'; readonly ticket: string })
  | (ByPerson & { readonly type: 'decline' })
  | (ByPerson & { readonly type: 'cancel' })
  | ClockCommand;

export type RoundEvent =
  | {
      readonly type: 'started';
      readonly by: PersonId;
      readonly subject: PersonId;
      readonly manager: PersonId;
      readonly closesAt: Instant;
    }
  | { readonly type: 'nominated'; readonly by: PersonId; readonly nominees: readonly Nominee[] }
  | { readonly type: 'nominationLapsed' | 'reminded' }
  | { readonly type: 'released'; readonly by: PersonId; readonly nominees: readonly Nominee[] }
  | { readonly type: 'asked' | 'raterReminded' | 'answered' | 'declined'; readonly by: PersonId }
  | { readonly type: 'passedOn'; readonly to: PersonId }
  | { readonly type: 'closed' }
  /** Null by the clock: the subject has left, or nobody settled who is asked. */
  | { readonly type: 'cancelled'; readonly by: PersonId | null };
