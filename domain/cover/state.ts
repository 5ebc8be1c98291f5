/**
 * Somebody holds an account for a while: a window is asked for, the first who takes it has it, and at
 * its end the account goes back by itself. Where nobody takes it, a manager holds it, never nobody.
 */
import type { AccountId, ContentId, LoopId, PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';

export const coverStatuses = [
  'new',
  'asked',
  'taken',
  'running',
  'returned',
  'withdrawn',
  /** The account has gone to somebody else meanwhile, and stays there. */
  'overtaken',
  /** The account is closed, and the cover has ended with it. */
  'accountClosed',
] as const;
export type CoverStatus = (typeof coverStatuses)[number];
export const closedStatuses: readonly CoverStatus[] = [
  'returned',
  'withdrawn',
  'overtaken',
  'accountClosed',
];

export const coverReasons = ['asked', 'absence'] as const;
export type CoverReason = (typeof coverReasons)[number];

/** Asked at once; the first who takes it ends the others' request. */
export const candidatesMax = 10;
export const windowDaysMax = 90;
/** Before the window, in the working time of the manager: then they are asked too. */
export const escalationMinutes = 480;
/** In the working time of who holds it else: so long others are asked, also when it has begun. */
export const askedMinutes = 120;
/** Before the end, in the working time of who covers: then they are reminded to hand back. */
export const handBackMinutes = 240;

/** Half-open `[from, until)`. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

/** Whole days of an absence, from midnight to midnight on the wall of whoever is away. */
export interface Away extends Window {
  readonly person: PersonId;
}

export interface CoverState {
  readonly status: CoverStatus;
  readonly account: AccountId | null;
  /** Whose account it is, and to whom it returns. */
  readonly owner: PersonId;
  /** Null where an absence asked for it. */
  readonly asker: PersonId | null;
  /** Of the team's region: asked when nobody takes it, and holds it when nobody has. */
  readonly manager: PersonId;
  readonly reason: CoverReason;
  readonly from: Instant;
  readonly until: Instant;
  readonly note: ContentId | null;
  readonly absence: string | null;
  readonly candidates: readonly PersonId[];
  readonly refused: readonly PersonId[];
  readonly since: Instant;
  readonly isReminded: boolean;
  readonly isEscalated: boolean;
  readonly taker: PersonId | null;
  readonly handBack: ContentId | null;
  readonly isHandBackReminded: boolean;
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

export const initialCover: CoverState = {
  status: 'new',
  account: null,
  owner: nobody,
  asker: null,
  manager: nobody,
  reason: 'asked',
  from: 0,
  until: 0,
  note: null,
  absence: null,
  candidates: [],
  refused: [],
  since: 0,
  isReminded: false,
  isEscalated: false,
  taker: null,
  handBack: null,
  isHandBackReminded: false,
  changedAt: 0,
};

/** What a plan needs to know beside people and calendars. */
export interface CoverFacts {
  readonly custodian: PersonId | null;
  /** The account: nobody has to hold it any more. */
  readonly isClosed: boolean;
  /** Whose custody follows that of another never moves by a cover of its own. */
  readonly mergedInto: AccountId | null;
  /** Where the custodian has it by another cover of the same owner: one before this window, or after. */
  readonly chain: 'earlier' | 'later' | null;
  /** Another cover of the same owner is planned to begin at the instant at which this one ends. */
  readonly isFollowed: boolean;
  /** Of those named, and of those above the manager: whole days that touch the window. */
  readonly away: readonly Away[];
}

export interface CoverRequest extends Window {
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly manager: PersonId;
  readonly reason: CoverReason;
  readonly candidates: readonly PersonId[];
  readonly note: ContentId | null;
  /** The absence that asks for it. */
  readonly absence: string | null;
}

/** How a cover ends with its account. */
export interface Closing {
  /** Who owns the account again; null where it stays with whoever has it. */
  readonly to: PersonId | null;
  /** What the account has become part of. */
  readonly into: AccountId | null;
}

interface Replacing {
  readonly person: PersonId;
  readonly to: PersonId;
  /** They have not left: they are away for whole days. */
  readonly isAway?: true;
}

export type ClockCommand = ByClock &
  (
    | { readonly type: 'remind' | 'remindHandBack' | 'overtake' }
    | (Closing & { readonly type: 'close' })
    | { readonly type: 'escalate'; readonly to: PersonId }
    /** The custody moves to whoever took it, or to the manager when nobody did. */
    | { readonly type: 'begin'; readonly to: PersonId }
    /** Whoever took it has left, or is away: asked again, or the manager goes on with it. */
    | (Replacing & { readonly type: 'replace' })
    | { readonly type: 'end'; readonly to: PersonId }
  );

/** A swap: whoever takes it asks the owner to hold one of their own accounts for another window. */
export interface InReturn extends Window {
  readonly account: AccountId;
}

export type CoverCommand =
  | ((ByPerson | ByClock) & CoverRequest & { readonly type: 'request' })
  /** `endEarly`: to the owner, by who covers, by the owner, or by whoever stands over them. */
  | (ByPerson & { readonly type: 'take'; readonly inReturn?: InReturn })
  | (ByPerson & { readonly type: 'refuse' })
  | (ByPerson & { readonly type: 'withdraw' })
  | (ByPerson & { readonly type: 'endEarly' })
  | (ByPerson & { readonly type: 'handBack'; readonly content: ContentId })
  /** The absence is taken back, or the account is closed. */
  | (ByClock & { readonly type: 'drop' })
  /** What it was asked for has ended before its window: by a step of the loop that asked for it. */
  | (ByClock & { readonly type: 'release'; readonly openedBy: LoopId })
  | ClockCommand;

export type CoverEvent =
  | (CoverRequest & { readonly type: 'requested'; readonly asker: PersonId | null })
  | { readonly type: 'refused'; readonly by: PersonId }
  | { readonly type: 'taken'; readonly by: PersonId; readonly inReturn?: InReturn }
  | { readonly type: 'withdrawn'; readonly by: PersonId | null; readonly from: PersonId | null }
  | { readonly type: 'reminded' }
  | { readonly type: 'escalated'; readonly to: PersonId }
  | (Replacing & { readonly type: 'replaced' })
  | { readonly type: 'begun'; readonly to: PersonId; readonly isForced: boolean }
  | { readonly type: 'handedBack'; readonly by: PersonId; readonly content: ContentId }
  | { readonly type: 'handBackReminded'; readonly person: PersonId }
  | {
      readonly type: 'returned';
      readonly from: PersonId;
      readonly to: PersonId;
      readonly by: PersonId | null;
    }
  | { readonly type: 'overtaken' }
  | (Closing & { readonly type: 'accountClosed'; readonly from: PersonId | null });
