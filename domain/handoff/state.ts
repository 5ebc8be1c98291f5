/**
 * A handoff moves an account's package from one owner to the next. Its packet follows I-PASS
 * (Starmer et al., NEJM 2014): illness severity, patient summary, action list, situation awareness
 * with contingencies, and synthesis by the receiver, who reads back before anything moves.
 */
import type { Pause } from '../hold.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';

export const severities = ['routine', 'important', 'urgent'] as const;
export type Severity = (typeof severities)[number];

/** Who is asked, in this order, while nobody answers. */
export const rungs = ['receiver', 'backup', 'manager'] as const;
export type Rung = (typeof rungs)[number];

export const handoffStatuses = [
  'new',
  'offered',
  'questioned',
  'readBack',
  'transferred',
  'withdrawn',
  'bounced',
  /** Ended with its account, which was closed, or which somebody else owns than its giver. */
  'dropped',
] as const;
export type HandoffStatus = (typeof handoffStatuses)[number];

export const closedStatuses: readonly HandoffStatus[] = [
  'transferred',
  'withdrawn',
  'bounced',
  'dropped',
];

/** Share of the allowance, in percent, at which a silent person is reminded. */
export const reminderPercents = [50, 80] as const;
export type ReminderPercent = (typeof reminderPercents)[number];
/** Questions in one handoff; more than this is a call to make, not another letter. */
export const questionsMax = 3;
/** Read-backs of one person that go back to them, or that a later packet undoes; with the last a call is proposed. */
export const sendBacksMax = 2;
/** People of whom that is remembered. */
export const returnsMax = 20;
/** Packets of one handoff, the first included; more than this is another handoff. */
export const revisionsMax = 10;

/** A wait for one person, counted in their working time. */
export interface Wait {
  readonly person: PersonId;
  readonly since: Instant;
  /** How many of the reminders are behind it. */
  readonly reminders: number;
  /** While a question was open the answer was not theirs to give. */
  readonly pauses: readonly Pause[];
}

/** How often one person was asked to read back once more, and for which reason. */
export interface Returns {
  readonly person: PersonId;
  readonly sentBacks: number;
  readonly undone: number;
}

export interface Call {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export interface HandoffState {
  readonly status: HandoffStatus;
  readonly account: AccountId | null;
  readonly giver: PersonId;
  readonly receiver: PersonId;
  readonly severity: Severity;
  readonly packet: ContentId | null;
  /** Of the packet, from 1; a read-back stands for the one it was given for. */
  readonly revision: number;
  /** Working minutes each asked person has; also the giver's, to answer and to confirm. */
  readonly allowanceMinutes: number;
  /** Null between a refusal and whoever is asked next. */
  readonly asked: Wait | null;
  /** How far up it has been; it only goes on from here. */
  readonly rung: Rung;
  /** Everyone asked so far, never to be asked twice. */
  readonly tried: readonly PersonId[];
  readonly questions: number;
  readonly question: (Wait & { readonly content: ContentId }) | null;
  /** Who spoke: the one it was asked of, or whoever acted for them. */
  readonly readBack: {
    readonly by: PersonId;
    readonly reader: PersonId;
    readonly content: ContentId;
  } | null;
  /** Of everybody asked so far. */
  readonly readBacks: number;
  /** Of the one who is asked now. */
  readonly sentBacks: number;
  /** Of the one who is asked now: read-backs that a later packet undid. */
  readonly undone: number;
  /** Of those asked before: they may be asked once more. Absent before the first. */
  readonly returns?: readonly Returns[];
  /** Proposed to the giver and the one who is asked now, where letters did not do. */
  readonly call: Call | null;
  /** Who compares the read-back with the packet: the giver, then the giver's manager too. */
  readonly confirmation: (Wait & { readonly isEscalated: boolean }) | null;
  /** Who owns the account by this handoff, once it moved. */
  readonly custodian: PersonId | null;
  /** Who owns the account instead, where it ended for that. */
  readonly elsewhere: PersonId | null;
  readonly changedAt: Instant;
}

const nobody = '' as PersonId;

export const initialHandoff: HandoffState = {
  status: 'new',
  account: null,
  giver: nobody,
  receiver: nobody,
  severity: 'routine',
  packet: null,
  revision: 0,
  allowanceMinutes: 0,
  asked: null,
  rung: 'receiver',
  tried: [],
  questions: 0,
  question: null,
  readBack: null,
  readBacks: 0,
  sentBacks: 0,
  undone: 0,
  call: null,
  confirmation: null,
  custodian: null,
  elsewhere: null,
  changedAt: 0,
};

/** What a plan needs to know beside people and calendars; nothing where one is only previewed. */
export type HandoffFacts =
  | {
      readonly isClosed: boolean;
      /** Of the account, by whatever moved it; null before the account began. */
      readonly custodian: PersonId | null;
    }
  | undefined;

/** A rotation offers by itself: the giver's account, to whose watch it is next. */
interface ByRotation extends ByClock {
  readonly openedBy: LoopId;
}

export type HandoffCommand =
  | ((ByPerson | ByRotation) & {
      readonly type: 'offer';
      readonly account: AccountId;
      readonly giver: PersonId;
      readonly receiver: PersonId;
      readonly severity: Severity;
      readonly packet: ContentId;
      readonly allowanceMinutes: number;
    })
  | (ByPerson & { readonly type: 'ask'; readonly content: ContentId })
  | (ByPerson & { readonly type: 'answer'; readonly content: ContentId })
  | (ByPerson & { readonly type: 'readBack'; readonly content: ContentId })
  | (ByPerson & { readonly type: 'confirm' })
  | (ByPerson & { readonly type: 'sendBack'; readonly content: ContentId })
  | (ByPerson & {
      readonly type: 'revise';
      readonly severity: Severity;
      readonly content: ContentId;
    })
  | (ByPerson & { readonly type: 'decline'; readonly content: ContentId })
  | (ByPerson & { readonly type: 'withdraw'; readonly content: ContentId })
  | (ByPerson & { readonly type: 'reassign'; readonly to: PersonId })
  | ClockCommand;

/**
 * A command of the clock names the wait it belongs to, so that it never ends another one, and whom
 * the plan chose, so that the record can check that they are there.
 */
export type ClockCommand = ByClock & {
  /** Null when nobody is asked: the one before declined. */
  readonly person: PersonId | null;
  readonly since: Instant;
} & (
    | { readonly type: 'remind'; readonly percent: ReminderPercent }
    | { readonly type: 'passOn'; readonly to: PersonId; readonly rung: Rung }
    | { readonly type: 'lapseQuestion' }
    /** Whoever read it back has left: nobody can be given the account. */
    | { readonly type: 'dropReadBack'; readonly by: PersonId }
    | ({ readonly type: 'proposeCall' } & Call)
    /** There is nothing to hand over any more: the account is closed, or `to` owns it by now. */
    | { readonly type: 'drop'; readonly to?: PersonId }
    | { readonly type: 'escalateConfirmation'; readonly to: PersonId }
    | { readonly type: 'bounce'; readonly to: PersonId }
  );

export type HandoffEvent =
  | {
      readonly type: 'offered';
      readonly account: AccountId;
      readonly giver: PersonId;
      readonly receiver: PersonId;
      readonly severity: Severity;
      readonly packet: ContentId;
      readonly allowanceMinutes: number;
    }
  | { readonly type: 'asked'; readonly by: PersonId; readonly content: ContentId }
  | { readonly type: 'answered'; readonly by: PersonId; readonly content: ContentId }
  | { readonly type: 'questionLapsed' }
  | {
      readonly type: 'readBack';
      readonly by: PersonId;
      /** Whoever spoke in their place. */
      readonly reader?: PersonId;
      readonly content: ContentId;
    }
  | { readonly type: 'readBackDropped'; readonly by: PersonId }
  | { readonly type: 'confirmationEscalated'; readonly to: PersonId }
  | {
      readonly type: 'sentBack';
      readonly by: PersonId;
      /** Whose read-back it was, and who is asked again. */
      readonly to: PersonId;
      readonly content: ContentId;
    }
  | ({
      readonly type: 'callProposed';
      readonly giver: PersonId;
      readonly to: PersonId;
    } & Call)
  | {
      readonly type: 'revised';
      readonly by: PersonId;
      readonly severity: Severity;
      readonly content: ContentId;
    }
  | { readonly type: 'transferred'; readonly to: PersonId; readonly by: PersonId }
  | { readonly type: 'declined'; readonly by: PersonId; readonly content: ContentId }
  | {
      readonly type: 'withdrawn';
      readonly by: PersonId;
      /** Who was asked, or had read back: for them it ends here. */
      readonly from: PersonId | null;
      readonly content: ContentId;
    }
  | {
      readonly type: 'dropped';
      /** Who was asked, or had read back. */
      readonly from: PersonId | null;
      /** Who owns the account instead of its giver. */
      readonly to?: PersonId;
    }
  | {
      readonly type: 'reassigned';
      readonly by: PersonId;
      readonly from: PersonId | null;
      readonly to: PersonId;
    }
  | { readonly type: 'reminded'; readonly person: PersonId; readonly percent: ReminderPercent }
  | {
      readonly type: 'passedOn';
      readonly from: PersonId | null;
      readonly to: PersonId;
      readonly rung: Rung;
    }
  | { readonly type: 'bounced'; readonly from: PersonId | null; readonly to: PersonId };
