/**
 * Where a loop stands, as the record in Postgres has it. The state changes only by what the record
 * answers, so that a worker's death, a reset or a lost run is never more than a catch-up.
 */
import { ActivityFailure, proxyLocalActivities } from '@temporalio/workflow';
import { assert } from '../domain/assert.ts';
import type { Holdable, HoldableRules } from '../domain/hold.ts';
import type {
  Command,
  HoldCommand,
  Instant,
  Moment,
  Proposal,
  Receipt,
  RecordAnswer,
  RefusedMoment,
} from '../domain/loop.ts';
import type { Problem } from '../domain/problem.ts';
import { isProblem } from './command-queue.ts';
import type { LoopInput, Refusals, Snapshot } from './messages.ts';

/** One workflow writes a loop, so others' transitions are rare; more in a row is a bug. */
const catchUpsMax = 20;
/** When a moment that the record refused is tried again; the last repeats. */
const refusalRetryMs = [60_000, 300_000, 1_800_000, 3_600_000] as const;
/** At this refusal in a row an operator is asked. */
const refusalsBeforeOperator = 2;

/** What a workflow asks of the activities beside it. */
export interface Recorder<State, C extends Command, Event> {
  recordTransition(proposal: Proposal<C, Event>): Promise<RecordAnswer<State, C>>;
  openOperatorTask(refused: RefusedMoment): Promise<void>;
}

interface Proposed<C extends Command> {
  readonly commandId: string;
  /** Null for a re-plan. */
  readonly command: C | null;
  readonly at: Instant;
  readonly seen?: number;
  readonly known?: number;
}

export interface Follower<State, C extends Command> {
  readonly state: Holdable<State>;
  readonly sequence: number;
  readonly refusals: Refusals;
  now(): Instant;
  /** The first moment due, a refused one at its retry. */
  nextDue(): Moment<C> | null;
  record(proposed: Proposed<C>): Promise<Problem | Receipt>;
  replan(): Promise<void>;
  fire(moment: Moment<C>): Promise<void>;
  snapshot(): Snapshot;
}

export function createFollower<State, C extends Command, Event>(
  rules: HoldableRules<State, C, Event>,
  input: LoopInput,
): Follower<State, C | HoldCommand> {
  type Act = C | HoldCommand;
  const recorder = proxyLocalActivities<Recorder<Holdable<State>, Act, unknown>>({
    startToCloseTimeout: 4_000,
    // A longer outage of Postgres waits on the server's timers, not in a task that is kept alive.
    localRetryThreshold: 2_000,
    // Each wait costs six events of history: few waits, and the longest still under a minute.
    retry: { initialInterval: 250, backoffCoefficient: 4, maximumInterval: 50_000 },
  });
  let { state, sequence, at: lastAt, moments, refusals } = startingPoint<State, Act>(rules, input);
  const now = (): Instant => Math.max(Date.now(), lastAt);

  /** Proposes until its own command is in the record, applying whatever else it finds there. */
  async function record(proposed: Proposed<Act>): Promise<Problem | Receipt> {
    const { commandId, command, seen, known = 0 } = proposed;
    if (known > sequence) await replan();
    for (let catchUps = 0; catchUps < catchUpsMax; catchUps++) {
      const at = Math.max(now(), proposed.at);
      const decision = command === null ? null : rules.decide(state, command, at);
      if (decision && !decision.ok) return decision.problem;
      const events = decision?.events ?? [];
      const proposal = { loop: rules.loop, id: input.id, commandId, sequence, at, command, events };
      const answer = await answered(
        recorder.recordTransition(seen === undefined ? proposal : { ...proposal, seen }),
      );
      if ('refused' in answer) return answer.refused;
      if ('stale' in answer) {
        await replan();
        return answer.stale;
      }
      for (const stored of answer.transitions) {
        ({ state, moments, at: lastAt } = stored);
        sequence = stored.sequence + 1;
      }
      if (answer.settled !== null) return { id: input.id, sequence: answer.settled };
    }
    throw new Error(`${catchUpsMax} transitions of others in a row`);
  }

  async function replan(): Promise<void> {
    const settled = await record({ commandId: `replan/${sequence}`, command: null, at: now() });
    assert(!isProblem(settled), 'a re-plan is not refused');
  }

  async function fire(moment: Moment<Act>): Promise<void> {
    if (!rules.decide(state, moment.command, now()).ok) {
      moments = moments.filter(({ id }) => id !== moment.id); // stale: somebody was quicker
      return;
    }
    const before = sequence;
    const settled = await record({ commandId: moment.id, command: moment.command, at: now() });
    // Its id was recorded long ago, so it would fire for ever: a plan must name another moment.
    assert(isProblem(settled) || sequence > before, `moment ${moment.id} is recorded once`);
    const { [moment.id]: refusedBefore, ...others } = refusals;
    refusals = others;
    if (!isProblem(settled) || !isStillPlanned(moment)) return;
    const count = (refusedBefore?.count ?? 0) + 1;
    const pauseMs = refusalRetryMs[Math.min(count, refusalRetryMs.length) - 1] ?? 0;
    refusals = { ...others, [moment.id]: { count, retryAt: now() + pauseMs } };
    if (count < refusalsBeforeOperator) return;
    await answered(
      recorder.openOperatorTask({
        id: input.id,
        momentId: moment.id,
        code: settled.code,
        refusals: count,
      }),
    );
  }

  const isStillPlanned = (moment: Moment<Act>): boolean =>
    moments.some(
      ({ id, command }) =>
        id === moment.id && JSON.stringify(command) === JSON.stringify(moment.command),
    );

  function nextDue(): Moment<Act> | null {
    let first: Moment<Act> | null = null;
    for (const moment of moments) {
      const at = Math.max(moment.at, refusals[moment.id]?.retryAt ?? 0);
      if (first === null || at < first.at) first = { ...moment, at };
    }
    return first;
  }

  return {
    get state() {
      return state;
    },
    get sequence() {
      return sequence;
    },
    get refusals() {
      return refusals;
    },
    now,
    nextDue,
    record,
    replan,
    fire,
    snapshot: () => ({ state, version: rules.version, sequence, at: lastAt, moments, refusals }),
  };
}

interface StartingPoint<State, C> {
  state: Holdable<State>;
  sequence: number;
  at: Instant;
  moments: readonly Moment<C>[];
  refusals: Refusals;
}

function startingPoint<State, C extends Command>(
  rules: HoldableRules<State, never, unknown>,
  input: LoopInput,
): StartingPoint<State, C> {
  if ('open' in input) {
    return { state: rules.initial, sequence: 0, at: 0, moments: [], refusals: {} };
  }
  const { state, version, sequence, at, moments, refusals } = input.resume;
  return {
    state: upgradedState(rules, state, version),
    sequence,
    at,
    moments: moments as readonly Moment<C>[],
    refusals,
  };
}

/** A state as this build's rules read it, whichever build wrote it. */
export function upgradedState<State>(
  rules: Pick<HoldableRules<State, never, unknown>, 'version' | 'upgrade'>,
  state: Holdable<unknown>,
  version: number,
): Holdable<State> {
  if (version === rules.version) return state as Holdable<State>;
  assert(rules.upgrade !== undefined, `state of version ${version} can be read`);
  return rules.upgrade(state, version);
}

/** What the record cannot answer is a bug: it stops the task, visibly, and never the loop. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ActivityFailure) {
      throw new Error(error.cause?.message ?? error.message, { cause: error });
    }
    throw error;
  }
}
