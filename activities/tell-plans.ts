/**
 * Requests for money and assignments tell the plans that they serve: that they are meant for one, and
 * how they ended. What they are told in is a step of theirs, so that none is lost and none comes twice.
 */
import type { Transaction } from 'kysely';
import { isPlanOf, loopsFor, plansServedBy } from '../db/development-plans.ts';
import { derivedId } from '../db/derived-id.ts';
import type { DB } from '../db/schema.ts';
import type { BudgetEvent } from '../domain/budget/state.ts';
import type { PlanCommand } from '../domain/development-plan/state.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, HoldEvent } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { LoopRecord, Opening } from './loop-record.ts';

type Tx = Transaction<DB>;

/** The same record, whose steps tell plans what became of it. */
export const heardByPlans = <State, C extends Command, Event, Facts>(
  record: LoopRecord<State, C, Event, Facts>,
): LoopRecord<State, C, Event, Facts> => ({
  ...record,
  async project(tx, step) {
    const openings = (await record.project(tx, step)) ?? [];
    const meant = await meantFor(tx, step.id, step.events as readonly Told[]);
    return [...openings, ...meant, ...(step.isClosed ? await ended(tx, step.id) : [])];
  },
});

type Told = BudgetEvent | HoldEvent | { readonly type: '' };

const told = (target: LoopId, why: string, command: PlanCommand & { loop: LoopId }): Opening => ({
  loop: 'developmentPlan',
  id: derivedId('plan told', target, command.loop, why) as LoopId,
  command,
  target,
});

/** A request that names a plan names one of the person whom the money is for. */
async function meantFor(
  tx: Tx,
  loop: LoopId,
  events: readonly Told[],
): Promise<readonly Opening[]> {
  const openings: Opening[] = [];
  for (const event of events) {
    if (event.type !== 'submitted' || event.plan === null) continue;
    if (!(await isPlanOf(tx, event.plan, event.requester))) {
      throw new Refusal(problem('plan.not_theirs'));
    }
    const command = { type: 'link', need: 'formal', loop } as const;
    openings.push(told(event.plan as LoopId, 'meant', command));
  }
  return openings;
}

async function ended(tx: Tx, loop: LoopId): Promise<readonly Opening[]> {
  const plans = await plansServedBy(tx, loop);
  if (plans.length === 0) return [];
  const standing = (await loopsFor(tx, [loop])).get(loop)?.standing ?? 'failed';
  return plans.map((plan) => told(plan, 'ended', { type: 'hear', loop, standing }));
}
