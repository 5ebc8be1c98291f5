/** What the recording transaction asks of each loop beside its rules and its plan. */
import type { Transaction } from 'kysely';
import type { DB } from '../db/schema.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type {
  Command,
  HoldCommand,
  HoldEvent,
  Instant,
  LoopName,
  LoopPlan,
  LoopRules,
  PlanningWorld,
} from '../domain/loop.ts';
import type { Problem } from '../domain/problem.ts';

/** One step about to be recorded. */
export interface RecordedStep<State, C extends Command, Event, Facts = unknown> {
  readonly id: LoopId;
  readonly sequence: number;
  readonly at: Instant;
  readonly actor: PersonId | null;
  readonly onBehalfOf: PersonId | null;
  readonly command: C | HoldCommand;
  readonly events: readonly (Event | HoldEvent)[];
  readonly before: State;
  readonly after: State;
  readonly world: PlanningWorld<Facts>;
  readonly isClosed: boolean;
}

/** `stale`: what the clock planned no longer fits the people there are; planned again, not refused. */
export type GuardAnswer = { readonly refused: Problem } | { readonly stale: Problem } | null;

/** A loop that a step of another begins or tells; the id follows from the step, so that it does once. */
export interface Opening {
  readonly loop: LoopName;
  readonly id: LoopId;
  readonly command: Command;
  /** A loop that runs already and is told the command; `id` is then that of the telling. */
  readonly target?: LoopId;
  /** Openings of the same loop that are settled first. */
  readonly follows?: readonly LoopId[];
}

export interface LoopRecord<State, C extends Command, Event, Facts = unknown> {
  /** Its steps change what others are planned with: they take turns, and the loops touched are told. */
  readonly changesPlans?: true;
  /** Its steps move accounts: what follows an account is told. */
  readonly movesCustody?: true;
  /** What guard and plan look at beside people and calendars; locked where it must not change meanwhile. */
  facts?(tx: Transaction<DB>, state: State, id: LoopId, at: Instant): Promise<Facts>;
  /** What is live: people, delegations, custody, money. Runs after the locks are taken. */
  guard(tx: Transaction<DB>, step: RecordedStep<State, C, Event, Facts>): Promise<GuardAnswer>;
  /** The loop's read model, what the step moves (custody, money), and the loops that it begins. */
  project(
    tx: Transaction<DB>,
    step: RecordedStep<State, C, Event, Facts>,
  ): Promise<readonly Opening[] | void>;
  /** Messages that no plan names, to whoever the moved rows name; written here, sent after the commit. */
  tell?(
    tx: Transaction<DB>,
    step: RecordedStep<State, C, Event, Facts>,
  ): Promise<readonly NoticeId[]>;
}

/** Everything the engine needs to know of a loop. */
export interface LoopDefinition<
  State,
  C extends Command,
  Event extends { readonly type: string },
  Facts = unknown,
> {
  readonly rules: LoopRules<State, C, Event>;
  readonly plan: LoopPlan<State, C, Event, Facts>;
  readonly record: LoopRecord<State, C, Event, Facts>;
}

/** A definition whose types the engine need not know. */
export type AnyLoopDefinition = LoopDefinition<never, never, never>;

/** The one place where a loop's own types are given up: the engine hands each loop only its own values. */
export const defineLoop = <
  State,
  C extends Command,
  Event extends { readonly type: string },
  Facts,
>(
  definition: LoopDefinition<State, C, Event, Facts>,
): AnyLoopDefinition => definition as unknown as AnyLoopDefinition;
