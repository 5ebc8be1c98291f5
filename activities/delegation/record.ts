/** What a delegation checks and changes in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import {
  delegationFacts,
  delegationsBetween,
  keepDelegation,
  projectDelegation,
  teamsOf,
} from '../../db/delegations.ts';
import type { DB } from '../../db/schema.ts';
import type {
  DelegationCommand,
  DelegationEvent,
  DelegationFacts,
  DelegationState,
} from '../../domain/delegation/state.ts';
import type { Action } from '../../domain/authority.ts';
import { delegationChainMax, faultOf } from '../../domain/people/delegation.ts';
import { problem } from '../../domain/problem.ts';
import { guardActor, guardOperator } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<DelegationState, DelegationCommand, DelegationEvent, DelegationFacts>;
type Tx = Transaction<DB>;

export const delegationRecord: LoopRecord<
  DelegationState,
  DelegationCommand,
  DelegationEvent,
  DelegationFacts
> = {
  facts: delegationFacts,
  changesPlans: true,
  guard,
  async project(tx, { id, at, after, events }) {
    await projectDelegation(tx, { id, at, after });
    await keepDelegation(tx, { at, after });
    const people = [after.principal, after.delegate];
    // A delegation that is yet to begin moves nothing: what it moves is planned again when it begins.
    const moves = events.some((event) => event.type === 'begun' || isEndOfRunning(event));
    if (moves) await recordCalendarChange(tx, { reason: 'delegation', people, at, except: id });
  },
};

const isEndOfRunning = (event: Step['events'][number]): boolean =>
  event.type === 'ended' && event.hadBegun;

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'give':
      return guardGiven(tx, step, command);
    case 'end':
      return guardStep(tx, step, 'delegation.end');
    case 'leave':
      return world.person(command.person).isActive ? stale : null;
    case 'drop':
      return world.facts.isAsked ? stale : null;
    case 'begin':
    case 'expire':
      return null;
    case 'hold':
    case 'resume':
      return guardOperator(tx, step);
  }
}

const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

type Give = Extract<DelegationCommand, { readonly type: 'give' }>;

async function guardGiven(tx: Tx, step: Step, given: Give): Promise<GuardAnswer> {
  const { principal, delegate, from, until, source } = given;
  for (const person of [principal, delegate]) {
    if (!step.world.person(person).isActive) return { refused: problem('person.left', { person }) };
  }
  if (given.actor !== undefined) {
    const forbidden = await guardStep(tx, step, 'delegation.give');
    if (forbidden) return forbidden;
  }
  // What the organisation's file says stands; its circles are as if nobody had delegated.
  if (source === 'directory') return null;
  const teams = await teamsOf(tx, principal, delegate);
  const mayBeSeen = teams.delegate.kind === 'own' || teams.delegate.id === teams.principal.id;
  if (!mayBeSeen) return { refused: problem('delegation.partner') };
  const fault = faultOf(given, await delegationsBetween(tx, { from, until }));
  return fault && { refused: problem(`delegation.${fault}`, { max: delegationChainMax }) };
}

type DelegationAction = Extract<Action, `delegation.${string}`>;

/** Nobody passes on, or ends, what is another's on behalf of somebody. */
async function guardStep(tx: Tx, step: Step, action: DelegationAction): Promise<GuardAnswer> {
  const { principal, delegate } = step.after;
  const isForOther = step.onBehalfOf !== null && step.onBehalfOf !== step.actor;
  if (isForOther) return { refused: problem('authority.forbidden') };
  return guardActor(tx, step, {
    action,
    others: [principal],
    subject: (known) => ({ ...known(principal), principal: known(principal), delegate }),
    otherwise: 'authority.forbidden',
  });
}
