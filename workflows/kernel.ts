/** Runs any loop: people's commands before moments that are due, one at a time, each recorded. */
import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { assert } from '../domain/assert.ts';
import { holdable, type HoldableRules } from '../domain/hold.ts';
import type { Command, Envelope, HoldCommand, LoopRules, Receipt } from '../domain/loop.ts';
import { problem } from '../domain/problem.ts';
import { createCommandQueue, isProblem, type CommandQueue } from './command-queue.ts';
import { toFailure } from './failure.ts';
import { createFollower, type Follower } from './follower.ts';
import {
  calendarsChangedSignal,
  loopStatusQuery,
  openLoopUpdate,
  type LoopInput,
} from './messages.ts';

/** No timer is longer: a plan is never trusted for more than this, even when nothing is due. */
const replanAfterMsMax = 14 * 86_400_000;
const queueLengthMax = 100;

/** By command type: the update that carries it. */
export type LoopUpdates = Readonly<Record<string, UpdateDefinition<Receipt, [Envelope<Command>]>>>;

export interface LoopOptions {
  /** A long loop moves to a newer build when it continues as new; a short one ends on its own. */
  readonly lifetime: 'short' | 'long';
  /** It goes on in a new run from so many events of history on; absent, when the server suggests it. */
  readonly historyEventsMax?: number;
}

export async function runLoop<State, C extends Command, Event extends { readonly type: string }>(
  loopRules: LoopRules<State, C, Event>,
  updates: LoopUpdates,
  input: LoopInput,
  options: LoopOptions = { lifetime: 'short' },
): Promise<Receipt> {
  const rules = holdable(loopRules);
  const queue = createCommandQueue<C | HoldCommand>();
  const follower = createFollower(rules, input);
  const wake = { replan: false };
  // Queued before any handler exists: an update sent with the start must not overtake the opening.
  const opening = 'open' in input ? queue.submit(input.open as Envelope<C>) : undefined;
  const receipt = (): Receipt => ({ id: input.id, sequence: follower.sequence });
  handleUpdates(updates, rules, queue, follower);
  setHandler(openLoopUpdate, () =>
    opening ? queue.settle(opening) : { id: input.id, sequence: 1 },
  );
  setHandler(calendarsChangedSignal, () => {
    wake.replan = true;
  });
  setHandler(loopStatusQuery, () => ({
    sequence: follower.sequence,
    isHeld: follower.state.heldSince !== null,
    queued: queue.length,
    nextMoment: follower.nextDue(),
    refusals: follower.refusals,
  }));

  for (;;) {
    while (!rules.isClosed(follower.state)) {
      await step(queue, follower, wake);
      if (opening?.settled && isProblem(opening.settled)) break; // never opened
      if (!wantsNewRun(options, rules.isClosed(follower.state))) continue;
      await condition(() => queue.length > 0 || allHandlersFinished());
      // What it heard of meanwhile it does in this run: the next one would know nothing of it.
      if (queue.length === 0 && !wake.replan) await startNewRun(options, input, follower);
    }
    queue.refuseAll(problem('loop.closed'));
    await condition(() => queue.length > 0 || allHandlersFinished());
    if (queue.length === 0) return receipt();
  }
}

function handleUpdates<State, C extends Command, Event>(
  updates: LoopUpdates,
  rules: HoldableRules<State, C, Event>,
  queue: CommandQueue<C | HoldCommand>,
  follower: Follower<State, C | HoldCommand>,
): void {
  type Act = C | HoldCommand;
  for (const [type, definition] of Object.entries(updates)) {
    const update = definition as unknown as UpdateDefinition<Receipt, [Envelope<Act>]>;
    const validator = ({ command, at, known = 0 }: Envelope<Act>): void => {
      assert(command.type === type, `${update.name} carries ${type}`);
      if (queue.length >= queueLengthMax) throw toFailure(problem('loop.too_busy'));
      if (known > follower.sequence) return; // decided once the record has been caught up with
      const decision = rules.decide(follower.state, command, Math.max(follower.now(), at));
      if (!decision.ok) throw toFailure(decision.problem);
    };
    setHandler(update, (envelope) => queue.settle(queue.submit(envelope)), { validator });
  }
}

/** Waits for a command, a due moment or a reason to plan again, and settles one of them. */
async function step<State, C extends Command>(
  queue: CommandQueue<C>,
  follower: Follower<State, C>,
  wake: { replan: boolean },
): Promise<void> {
  const due = follower.nextDue();
  const isDue = due !== null && due.at <= follower.now();
  // From the server's clock: the record's last instant may be ahead of it by a clock's difference.
  const waitMs = isDue ? 0 : Math.min(due ? due.at - Date.now() : Infinity, replanAfterMsMax);
  const isWoken = (): boolean => queue.length > 0 || wake.replan;
  if (!isWoken() && waitMs > 0) await condition(isWoken, waitMs);
  const command = queue.shift();
  if (command) command.settled = await follower.record(command);
  else if (due && due.at <= follower.now()) await follower.fire(due);
  else if (wake.replan || waitMs === replanAfterMsMax) {
    wake.replan = false;
    await follower.replan();
  }
}

function wantsNewRun(options: LoopOptions, isClosed: boolean): boolean {
  const info = workflowInfo();
  const isOutdated = options.lifetime === 'long' && info.targetWorkerDeploymentVersionChanged;
  const isLong = !isClosed && info.historyLength >= (options.historyEventsMax ?? Infinity);
  return info.continueAsNewSuggested || isOutdated || isLong;
}

function startNewRun<State, C extends Command>(
  { lifetime }: LoopOptions,
  { id }: LoopInput,
  follower: Follower<State, C>,
): Promise<never> {
  const newRun = makeContinueAsNewFunc<(next: LoopInput) => Promise<Receipt>>(
    lifetime === 'long' ? { initialVersioningBehavior: 'AUTO_UPGRADE' } : {},
  );
  return newRun({ id, resume: follower.snapshot() });
}
