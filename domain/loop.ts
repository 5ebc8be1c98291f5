/**
 * The contract every loop fulfils: people act (commands), time passes (moments), and each accepted
 * step is a recorded transition. No clock, zone, text, SQL or SDK in here.
 */
import type { AccountId, ContentId, LoopId, PersonId, RegionId, TeamId } from './id.ts';
import { present } from './assert.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { TaskKind } from './task-kind.ts';
import type { Role } from './people/role.ts';
import type { MessageKind } from './notice/message-kinds.ts';

/** Epoch milliseconds, an integer. */
export type Instant = number;

export const loopNames = [
  'handoff',
  'holidayReview',
  'feedbackRound',
  'skillAudit',
  'developmentPlan',
  'quarterlyReview',
  'cover',
  'delegation',
  'rotation',
  'alert',
  'assignment',
  'outlook',
  'practice',
  'budgetRequest',
] as const;
export type LoopName = (typeof loopNames)[number];

/** A command of a person names who acts and, under a delegation, for whom; one of the clock does neither. */
export interface Command {
  readonly type: string;
  readonly actor?: PersonId;
  readonly onBehalfOf?: PersonId;
}

/** What a loop's own commands are made of: they begin with one of these two. */
export interface ByPerson {
  readonly actor: PersonId;
  readonly onBehalfOf?: PersonId;
}
export interface ByClock {
  readonly actor?: never;
  readonly onBehalfOf?: never;
}

/** Whose step it is: under a delegation the one it is taken for. */
export const partyOf = (command: Command): PersonId =>
  present(command.onBehalfOf ?? command.actor, 'who acts');

export type Decision<Event> =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly problem: Problem };

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({
  ok: true,
  events,
});

export const refuse = (code: ProblemCode, params: Problem['params'] = {}): Decision<never> => ({
  ok: false,
  problem: { code, params },
});

/** Runs inside the workflow: pure, and the same on every replay. State is plain JSON. */
export interface LoopRules<State, C extends Command, Event> {
  readonly loop: string;
  /** Counts up when the shape of State changes; `upgrade` reads every older one. */
  readonly version: number;
  readonly initial: State;
  /** Types of commands that a hold does not hold up, since they end what is dangerous. */
  readonly evenHeld?: readonly string[];
  upgrade?(old: unknown, version: number): State;
  decide(state: State, command: C, at: Instant): Decision<Event>;
  evolve(state: State, event: Event, at: Instant): State;
  isClosed(state: State): boolean;
}

/**
 * A command of the clock. Its id is the same however often the plan is made again, so that it is
 * recorded once; moments fire in the order of (at, rank, id).
 */
export interface Moment<C> {
  readonly id: string;
  readonly at: Instant;
  readonly rank: number;
  readonly command: C;
  /** Whose working time it is counted in: a re-plan never moves it nearer than their next hour. */
  readonly of?: PersonId;
}

/** A human step that is open now: one row of somebody's inbox, closed by exactly one update. */
export interface OpenTask {
  readonly kind: TaskKind;
  readonly person: PersonId;
  /** Whose step it is, where `person` is asked in their place by a delegation. */
  readonly inPlaceOf?: PersonId;
  readonly since: Instant;
  readonly dueAt: Instant | null;
}

export const urgencies = ['now', 'working', 'digest'] as const;
export type Urgency = (typeof urgencies)[number];

/**
 * What a message is rendered with. Ids and instants are resolved when it is delivered, for the one
 * who reads it; an instant can be shown on the clock of another person too. Never text people wrote.
 * What counts is a number; what is one of several is named by a text, also where no text shows it: of
 * two messages that name other things neither takes the other's place.
 */
export type NoticeValue =
  | string
  | number
  | { readonly person: PersonId }
  | { readonly account: AccountId }
  /** A word of the catalogue, by its key, such as `handoff.severity.urgent`. */
  | { readonly term: string }
  /** A sentence within a text, with what fills it. */
  | { readonly sentence: string; readonly params: Readonly<Record<string, NoticeValue>> }
  | { readonly region: RegionId }
  /** ISO 3166-1, such as `DE`; a language by its locale. */
  | { readonly country: string }
  | { readonly language: string }
  /** Of what somebody wrote, as it stands in the text of that id. */
  | { readonly title: ContentId }
  /** Shown by its title; the message leads to its page. */
  | { readonly opportunity: string; readonly title: ContentId }
  | { readonly team: TeamId }
  /** Minor units as text, since they may be beyond a number. */
  | { readonly money: { readonly minor: string; readonly currency: string } }
  /** Shown by its purpose; the message leads to its page. */
  | { readonly budgetLine: string; readonly purpose: string }
  | { readonly holiday: { readonly region: RegionId; readonly day: string } }
  /** A day of the calendar, such as `2027-03-10`, on no clock in particular. */
  | { readonly day: string }
  | { readonly instant: Instant; readonly alsoFor?: PersonId };
export type NoticeParams = Readonly<Record<string, NoticeValue>>;

/** A key of the catalogue with what fills it; ids and instants as in messages. */
export interface Sentence {
  readonly key: string;
  readonly params: NoticeParams;
}

export interface NoticeDraft {
  readonly to: PersonId;
  readonly key: MessageKind;
  readonly params: NoticeParams;
  readonly urgency: Urgency;
  /** Kind of the recipient's task it asks for: unsent when that task closes, it is cancelled with it. */
  readonly asks?: TaskKind;
  /** By each channel they have, and not by the first of them: what cannot wait for a reader. */
  readonly byEveryWay?: boolean;
}

/** Working time of one person, minutes counted by their own calendar, time on hold left out. */
export interface WorkingTime {
  isWorking(at: Instant): boolean;
  /** `at` itself when working, else the next start of work. */
  nextWorking(at: Instant): Instant;
  /** The earliest instant by which `minutes` have been worked since `from`. */
  add(from: Instant, minutes: number): Instant;
  between(from: Instant, to: Instant): number;
}

export interface PersonFacts {
  readonly id: PersonId;
  readonly isActive: boolean;
  readonly region: RegionId;
  readonly manager: PersonId | null;
  /** Who is asked next when this person stays silent. */
  readonly backup: PersonId | null;
  readonly roles: readonly Role[];
}

/**
 * What planning may look at: people, policies and calendars as they are in this transaction, and
 * whatever else the loop's record reads for it, such as who owns the account.
 */
export interface PlanningWorld<Facts = unknown> {
  readonly at: Instant;
  readonly facts: Facts;
  /** False for whoever the directory does not know. */
  has(id: PersonId): boolean;
  person(id: PersonId): PersonFacts;
  working(id: PersonId): WorkingTime;
  /** Who decides for them now by delegation; themselves where nobody does, and in other loops. */
  decider(id: PersonId): PersonId;
  /**
   * When all of them can meet for so many minutes from then on: while they all work, the soonest,
   * else when it costs them least. Null where no time is found within two weeks.
   */
  meeting(people: readonly PersonId[], wanted: MeetingWanted): Meeting | null;
}

export interface MeetingWanted {
  readonly from: Instant;
  readonly minutes: number;
}

export interface Meeting {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** Any loop can be held and resumed: the engine's own commands and events, beside the loop's. */
export type HoldCommand = ByPerson & { readonly type: 'hold' | 'resume' };
export type HoldEvent =
  | { readonly type: 'held'; readonly by: PersonId }
  | { readonly type: 'resumed'; readonly by: PersonId };

/** Runs in the recording activity, never in the workflow. */
export interface LoopPlan<State, C extends Command, Event, Facts = unknown> {
  /** Everyone named in the state: they see the loop, and a change of their calendar re-plans it. */
  parties(state: State): readonly PersonId[];
  /** Who may be told of a step without taking part: they see no more of the loop than anybody. */
  hearers?(state: State): readonly PersonId[];
  account(state: State): AccountId | null;
  /** Its steps are approvals: they move to whoever decides for those asked (`PlanningWorld.decider`). */
  readonly isDelegated?: true;
  /** Who waits for those asked, and is told too when their deadline moves, and why. */
  waiting?(state: State): PersonId | null;
  tasks(state: State, world: PlanningWorld<Facts>): readonly OpenTask[];
  moments(state: State, world: PlanningWorld<Facts>): readonly Moment<C>[];
  notices(
    event: Event | HoldEvent,
    state: State,
    world: PlanningWorld<Facts>,
  ): readonly NoticeDraft[];
  /** What somebody is told whose open step this event closed without them; null where nothing is. */
  relieves?(
    event: Event | HoldEvent,
    state: State,
    kind: TaskKind,
  ): Pick<NoticeDraft, 'key' | 'params'> | null;
  /** What was agreed or asked is off with it: it is withdrawn from the calendars of those told. */
  callsOff?(event: Event | HoldEvent): boolean;
  /** Content rows an event refers to; their hashes are chained with it. */
  contents(event: Event): readonly ContentId[];
  /** Counts changes of what a person decides upon; reminders are not one. */
  isMaterial(event: Event): boolean;
}

/** How a command travels to the workflow. The id is the update's id and the record's key. */
export interface Envelope<C extends Command> {
  readonly commandId: string;
  readonly command: C;
  /** The sender's clock when the command was accepted; a transition is never earlier. */
  readonly at: Instant;
  /** The revision the person decided upon (If-Match), compared where the command settles. */
  readonly seen?: number;
  /** Where the record stood when it was sent: a worker may have died before its workflow heard of it. */
  readonly known?: number;
}

/** What the workflow asks the record to keep. `events` is empty for a re-plan. */
export interface Proposal<C extends Command, Event> {
  readonly loop: string;
  readonly id: LoopId;
  readonly commandId: string;
  readonly sequence: number;
  readonly at: Instant;
  readonly command: C | null;
  readonly events: readonly Event[];
  readonly seen?: number;
}

export interface StoredTransition<State, C> {
  readonly sequence: number;
  readonly commandId: string;
  readonly at: Instant;
  readonly state: State;
  readonly moments: readonly Moment<C>[];
}

/** `settled`: the sequence after the command (or an unchanged plan); null until it is in the record. */
export type RecordAnswer<State, C> =
  | { readonly transitions: readonly StoredTransition<State, C>[]; readonly settled: number | null }
  | { readonly refused: Problem }
  | { readonly stale: Problem };

/** What a settled command answers: where the loop stands after it. */
export interface Receipt {
  readonly id: LoopId;
  readonly sequence: number;
}

/** A step of the clock that the record refused, for the people who keep the engine running. */
export interface RefusedMoment {
  readonly id: LoopId;
  readonly momentId: string;
  readonly code: string;
  readonly refusals: number;
}
