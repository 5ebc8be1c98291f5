/** What a budget request checks and moves in the transaction that records its step. */
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'kysely';
import { isOpenedBy } from '../../db/openings.ts';
import { loadActors } from '../../db/actors.ts';
import { lockRequester, overdueCloseOut } from '../../db/budget-requests.ts';
import { prepareRaise } from '../../db/budget-raises.ts';
import { loadLive, prepareBudget } from '../../db/budget-submissions.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import { seatOf } from '../../domain/budget/decide.ts';
import { askersOf, reseat } from '../../domain/budget/seats.ts';
import {
  currentStep,
  type BudgetCommand,
  type BudgetEvent,
  type BudgetFacts,
  type BudgetState,
} from '../../domain/budget/state.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';
import { moveBudget } from './move.ts';

export type BudgetStep = RecordedStep<BudgetState, BudgetCommand, BudgetEvent, BudgetFacts>;
type Tx = Transaction<DB>;
type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

export const budgetRecord: LoopRecord<BudgetState, BudgetCommand, BudgetEvent, BudgetFacts> = {
  facts,
  guard,
  project: moveBudget,
};

async function facts(tx: Tx, state: BudgetState): Promise<BudgetFacts> {
  if (!currentStep(state)) return { live: null, superiors: {}, barred: [] };
  const { requester, region, rules } = state;
  const askedBy = askersOf(state);
  const others = state.steps
    .slice(state.current)
    .flatMap(({ seats }) =>
      seats.flatMap(({ person, insteadOf }) => [person, insteadOf ?? person]),
    );
  return loadLive(tx, { requester, askedBy, region, rules, others: [...new Set(others)] });
}

const refused = (code: ProblemCode, params = {}): GuardAnswer => ({
  refused: problem(code, params),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: BudgetStep): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'remind':
    case 'lapse':
    case 'lapseQuestion':
    case 'remindCloseOut':
    case 'reroute':
      return null;
    case 'overdue':
      return command.to === null || world.person(command.to).isActive ? null : stale;
    case 'submit':
      return guardSubmission(tx, step, command);
    case 'approve':
    case 'except':
    case 'reject':
    case 'ask':
      return guardDecision(tx, step);
    case 'answer':
    case 'prove':
    case 'closeOut':
      return guardRequester(tx, step, 'budget.closeOut');
    case 'raise':
      return guardRaise(tx, step, command);
    case 'withdraw':
      return guardRequester(tx, step, 'budget.withdraw');
    case 'hold':
    case 'resume':
      return guardRequester(tx, step, `budget.${command.type}`);
  }
}

/** By who asks, or by the loop whose recorded step begins this one; with what holds at this instant. */
async function guardSubmission(
  tx: Tx,
  step: BudgetStep,
  command: Of<'submit'>,
): Promise<GuardAnswer> {
  const { after, at } = step;
  const opened = command.openedBy;
  const isOpened =
    command.actor === undefined &&
    opened !== undefined &&
    (await isOpenedBy(tx, { id: step.id, by: opened }));
  const own = isOpened ? null : await guardRequester(tx, step, 'budget.request');
  if (own) return own;
  await lockRequester(tx, after.requester);
  const prepared = await prepareBudget(tx, { ...command, submittedBy: command.actor }, at);
  if (!prepared.ok) return { refused: prepared.problem };
  const carried = { ...command, ...prepared.submission };
  if (!isDeepStrictEqual(carried, command)) return refused('loop.stale_plan');
  if (!prepared.holdsNew) return null;
  const overdue = await overdueCloseOut(tx, after.requester, at);
  return overdue === null ? null : refused('budget.close_out_overdue');
}

/** A request for the whole amount: by the policy and the people that hold at this instant. */
async function guardRaise(tx: Tx, step: BudgetStep, command: Of<'raise'>): Promise<GuardAnswer> {
  const own = await guardRequester(tx, step, 'budget.closeOut');
  if (own) return own;
  const { id, at, before } = step;
  await lockRequester(tx, before.requester);
  const { instalment, minor, route } = command;
  const isException = route?.isException === true;
  const raisedBy = [...new Set([partyOf(command), command.actor])];
  const prepared = await prepareRaise(tx, { id, instalment, minor, isException, raisedBy }, at);
  if (!prepared.ok) return { refused: prepared.problem };
  return isDeepStrictEqual(prepared.route, route) ? null : refused('loop.stale_plan');
}

/**
 * Whoever decides sits in the step as people and offices are now; and neither they nor whoever they
 * decide for is the requester or reports to them, by which office or delegation soever.
 */
async function guardDecision(tx: Tx, step: BudgetStep): Promise<GuardAnswer> {
  const { before, world, at } = step;
  const party = partyOf(step.command);
  const actor = present(step.actor, 'who acts');
  const people = await loadActors(tx, [actor, party], at);
  const { requester } = before;
  const asking = [requester, ...askersOf(before)];
  for (const id of [actor, party]) {
    const line = [id, ...(people.get(id)?.line ?? [])];
    if (line.some((one) => asking.includes(one))) return refused('budget.own');
  }
  const asked = [party];
  const found = await guardActor(tx, step, {
    action: 'budget.decide',
    subject: () => ({ requester, asked }),
    otherwise: 'budget.not_asked',
  });
  if (found) return found;
  const seat = present(seatOf(before, party), 'the seat of whoever decides');
  const wanted = reseat(before, world.facts)?.[before.current];
  const isStill =
    wanted === undefined || wanted.people.some(({ person }) => person === seat.person);
  return isStill ? null : stale;
}

type OwnAction = Extract<Action, `budget.${string}`>;

const guardRequester = (
  tx: Tx,
  step: BudgetStep,
  action: Exclude<OwnAction, 'budget.decide'>,
): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action,
    others: [step.after.requester],
    subject: (known) => ({ requester: known(step.after.requester) }),
    otherwise: 'authority.forbidden',
  });
