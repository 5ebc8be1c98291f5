/** An account follows the sun for months: at each hand-over a handoff is opened to whoever works next. */
import type { AccountId, ContentId, PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { HandOver } from './hand-over.ts';

export const membersMax = 50;
export const leadMinutesMax = 480;
/** Before the holder stops, when both are at work as long. */
export const leadMinutesByDefault = 60;
/** Before a hand-over at which nobody meets. */
export const warningMs = 86_400_000;

/** Why no handoff is opened: it is theirs already, is being handed over, or somebody outside owns it. */
export const outcomes = ['offered', 'theirs', 'in_handoff', 'elsewhere'] as const;
export type Outcome = (typeof outcomes)[number];

export interface RotationState {
  readonly status: 'new' | 'running' | 'ended';
  readonly account: AccountId | null;
  readonly starter: PersonId;
  readonly members: readonly PersonId[];
  readonly leadMinutes: number;
  /** What is handed over until the account has a packet of its own. */
  readonly packet: ContentId | null;
  /** Whose watch it is by the plan; who owns the account is custody's to say. */
  readonly holder: PersonId;
  /** Since when. */
  readonly watchFrom: Instant;
  /** Pairs that do not meet, of which people have been told: `from>to`. */
  readonly warned: readonly string[];
  /** How often its members were changed: each time the clock begins anew. */
  readonly changes: number;
  /** Hand-overs in a row at which the same outsider owned the account; absent before the first. */
  readonly elsewhere?: number;
  /** For whom it waits: owned the account at the last hand-over and takes no turns. */
  readonly outsider?: PersonId | null;
  /** People have been told that nobody is left to take turns; until its members change. */
  readonly isEmptied?: boolean;
  readonly changedAt: Instant;
}

/** As `warned` has it. */
export const pairOf = (from: PersonId, to: PersonId): string => `${from}>${to}`;

const nobody = '' as PersonId;

export const initialRotation: RotationState = {
  status: 'new',
  account: null,
  starter: nobody,
  members: [],
  leadMinutes: leadMinutesByDefault,
  packet: null,
  holder: nobody,
  watchFrom: 0,
  warned: [],
  changes: 0,
  changedAt: 0,
};

/** What a plan needs to know beside people and calendars. */
export interface RotationFacts {
  readonly custodian: PersonId | null;
  /** The account: there is nothing to hand over any more. */
  readonly isClosed: boolean;
  readonly isInHandoff: boolean;
  readonly next: HandOver | null;
}

interface Members {
  readonly members: readonly PersonId[];
  readonly leadMinutes: number;
}

export type ClockCommand = ByClock &
  (
    | {
        readonly type: 'handOver';
        readonly to: PersonId;
        readonly begins: Instant;
        readonly giver: PersonId | null;
        readonly outcome: Outcome;
        /** Since when nobody works until it begins; absent where they meet. */
        readonly gapFrom?: Instant;
      }
    | {
        readonly type: 'warn';
        readonly to: PersonId;
        readonly until: Instant;
        readonly begins: Instant;
      }
    /** The account is closed. */
    | { readonly type: 'stop' }
    /** Fewer than two of its members are still there. */
    | { readonly type: 'empty'; readonly owner: PersonId | null }
  );

export type RotationCommand =
  | (ByPerson &
      Members & {
        readonly type: 'start';
        readonly account: AccountId;
        readonly holder: PersonId;
        readonly packet: ContentId;
      })
  | (ByPerson & Members & { readonly type: 'change' })
  | (ByPerson & { readonly type: 'end' })
  | ClockCommand;

export type RotationEvent =
  | (Members & {
      readonly type: 'started';
      readonly by: PersonId;
      readonly account: AccountId;
      readonly holder: PersonId;
      readonly packet: ContentId;
    })
  | (Members & {
      readonly type: 'changed';
      readonly by: PersonId;
      /** Who takes turns no longer. */
      readonly removed?: readonly PersonId[];
    })
  | { readonly type: 'ended'; readonly by: PersonId }
  | { readonly type: 'stopped' }
  | { readonly type: 'emptied'; readonly owner: PersonId | null }
  | {
      readonly type: 'handedOver';
      readonly from: PersonId;
      readonly to: PersonId;
      readonly begins: Instant;
      readonly giver: PersonId | null;
      readonly outcome: Outcome;
      readonly gapFrom?: Instant;
    }
  | {
      readonly type: 'warned';
      readonly from: PersonId;
      readonly to: PersonId;
      readonly until: Instant;
      readonly begins: Instant;
    };
