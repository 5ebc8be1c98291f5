/**
 * A quarter looked at together: a pack of figures from every loop, a meeting at a fair hour, and what
 * is agreed there followed until it is done. Of a region, or of a partner’s team.
 */
import type { ContentId, PersonId, RegionId, TeamId } from '../id.ts';
import type { Instant } from '../loop.ts';

export const reviewKinds = ['region', 'partner'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

export const reviewStatuses = [
  'new',
  /** A time is proposed; not everybody has confirmed it. */
  'proposed',
  'confirmed',
  /** The meeting has taken place: what was agreed is written down, and then done. */
  'following',
  'closed',
  'cancelled',
  /** Nobody came, however often another time was proposed. */
  'lapsed',
] as const;
export type ReviewStatus = (typeof reviewStatuses)[number];
export const closedStatuses: readonly ReviewStatus[] = ['closed', 'cancelled', 'lapsed'];

export const participantsMax = 12;
export const actionsMax = 30;
/** A meeting that fewer have confirmed is proposed anew. */
export const quorum = 2;
export const meetingMinutes = 60;
/** So many times another slot is proposed, by people or by the clock. */
export const movesMax = 5;
/** From the proposal on, before which no slot is looked for; and within which one is. */
export const leadDays = 5;
export const searchedDays = 14;
/** Working days of the chair for writing down what was agreed. */
export const concludeDays = 3;
export const actionDaysMax = 180;

export interface Slot {
  readonly from: Instant;
  readonly until: Instant;
}

/** Agreed in the meeting, with one owner until it is done. */
export interface ReviewAction {
  readonly number: number;
  readonly owner: PersonId;
  /** Where the owner is, the last one included; and the instant after it. */
  readonly day: string;
  readonly dueAt: Instant;
  readonly content: ContentId;
  readonly since: Instant;
  readonly isReminded: boolean;
  readonly isOverdue: boolean;
  readonly isDone: boolean;
}

export interface ReviewState {
  readonly status: ReviewStatus;
  readonly kind: ReviewKind;
  readonly region: RegionId;
  readonly team: TeamId | null;
  readonly quarter: string;
  /** Leads the meeting and writes down what was agreed. */
  readonly chair: PersonId;
  readonly participants: readonly PersonId[];
  readonly slot: Slot;
  /** Of the slot: counts up whenever another is proposed. */
  readonly number: number;
  readonly proposedAt: Instant;
  readonly confirmed: readonly PersonId[];
  /** Of those for whom somebody else comes: who that is. */
  readonly hands?: Readonly<Record<PersonId, PersonId>>;
  readonly isReminded: boolean;
  readonly metAt: Instant;
  readonly isConcluded: boolean;
  readonly isConcludeReminded: boolean;
  readonly actions: readonly ReviewAction[];
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

/** It has not met yet. */
export const isAhead = ({ status }: ReviewState): boolean =>
  status === 'proposed' || status === 'confirmed';

export const initialReview: ReviewState = {
  status: 'new',
  kind: 'region',
  region: '' as RegionId,
  team: null,
  quarter: '',
  chair: nobody,
  participants: [],
  slot: { from: 0, until: 0 },
  number: 0,
  proposedAt: 0,
  confirmed: [],
  isReminded: false,
  metAt: 0,
  isConcluded: false,
  isConcludeReminded: false,
  actions: [],
  changedAt: 0,
};

/** What a plan needs to know beside people and calendars; read where the step is recorded. */
export interface ReviewFacts {
  /** The next fair time, should this one find too few; null where there is none. */
  readonly nextSlot: Slot | null;
  readonly concludeBy: Instant | null;
  /** Who follows a chair, or takes over what somebody who has left was to do. */
  readonly regionManager: PersonId | null;
}

interface ByPerson {
  readonly actor: PersonId;
  readonly onBehalfOf?: PersonId;
}
interface ByClock {
  readonly actor?: never;
  readonly onBehalfOf?: never;
}

export interface Convened {
  readonly kind: ReviewKind;
  readonly region: RegionId;
  readonly team: TeamId | null;
  readonly quarter: string;
  readonly chair: PersonId;
  readonly participants: readonly PersonId[];
  readonly slot: Slot;
}

type Each<Type extends string, Rest = unknown> = Type extends string
  ? { readonly type: Type } & Rest
  : never;

export type ClockCommand = ByClock &
  (
    | Each<'remindAttend' | 'meet' | 'remindConclude' | 'lapse'>
    | { readonly type: 'proposeAnew'; readonly slot: Slot }
    | Each<'remindAction' | 'overdueAction', { readonly number: number }>
    | { readonly type: 'passAction'; readonly number: number; readonly to: PersonId }
    | { readonly type: 'replaceChair'; readonly from: PersonId; readonly to: PersonId }
    | { readonly type: 'excuse'; readonly person: PersonId }
  );

export type ReviewCommand =
  | ((ByPerson | ByClock) & Convened & { readonly type: 'open' })
  | Each<'confirm' | 'conclude' | 'cancel', ByPerson>
  | (ByPerson & { readonly type: 'move'; readonly slot: Slot })
  | (ByPerson & {
      readonly type: 'addAction';
      readonly owner: PersonId;
      readonly day: string;
      readonly dueAt: Instant;
      readonly content: ContentId;
    })
  | (ByPerson & {
      readonly type: 'finishAction';
      readonly number: number;
      readonly content: ContentId | null;
    })
  | ClockCommand;

export type ReviewEvent =
  | (Convened & { readonly type: 'opened'; readonly by: PersonId | null })
  | { readonly type: 'attending'; readonly by: PersonId; readonly hand?: PersonId }
  | Each<'confirmed' | 'attendReminded' | 'concludeReminded' | 'lapsed' | 'met' | 'closed'>
  | {
      readonly type: 'moved';
      readonly by: PersonId | null;
      readonly hand?: PersonId;
      readonly slot: Slot;
    }
  | {
      readonly type: 'actionAdded';
      readonly by: PersonId;
      readonly number: number;
      readonly owner: PersonId;
      readonly day: string;
      readonly dueAt: Instant;
      readonly content: ContentId;
    }
  | {
      readonly type: 'actionDone';
      readonly by: PersonId;
      readonly number: number;
      readonly content: ContentId | null;
    }
  | Each<'actionReminded' | 'actionOverdue', { readonly number: number }>
  | { readonly type: 'actionPassed'; readonly number: number; readonly to: PersonId }
  | { readonly type: 'chairReplaced'; readonly from: PersonId; readonly to: PersonId }
  | { readonly type: 'excused'; readonly person: PersonId }
  | Each<'concluded' | 'cancelled', { readonly by: PersonId }>;
