/** What a handoff checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { lockAccount } from '../../db/accounts.ts';
import { loadActors } from '../../db/actors.ts';
import { forgetAsked, recordAsked } from '../../db/fairness.ts';
import { lockOffered, projectHandoff } from '../../db/handoffs.ts';
import { isOpenedBy } from '../../db/openings.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { decidesFor, may, mayOnBehalfOf, type Action } from '../../domain/authority.ts';
import { acceptanceOf } from '../../domain/handoff/acceptance.ts';
import { handoffPlan, ownerInstead } from '../../domain/handoff/plan.ts';
import { receiverProblem } from '../../domain/handoff/receiver.ts';
import type {
  HandoffCommand,
  HandoffEvent,
  HandoffFacts,
  HandoffState,
} from '../../domain/handoff/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { partyOf, type PlanningWorld } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { handOnForGood } from '../hand-on-for-good.ts';
import { followPacket } from './packet-items.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<HandoffState, HandoffCommand, HandoffEvent, HandoffFacts>;
type Tx = Transaction<DB>;

export const handoffRecord: LoopRecord<HandoffState, HandoffCommand, HandoffEvent, HandoffFacts> = {
  movesCustody: true,
  facts: async (tx, { account }) =>
    account === null ? { isClosed: false, custodian: null } : lockAccount(tx, account),
  guard,
  async project(tx, step) {
    const { before, after, world } = step;
    await projectHandoff(tx, { ...step, acceptance: acceptanceOf(before, after, world) });
    await followPacket(tx, step);
    await followCall(tx, step);
    const { custodian, giver } = step.after;
    const hasMoved = custodian !== null && step.before.custodian === null && custodian !== giver;
    if (!hasMoved) return [];
    const account = present(step.after.account, 'the account');
    return handOnForGood(tx, { account, to: custodian, at: step.at, by: step.id });
  },
};

/** A call that is proposed counts at once, for both; one that is not needed any more does not. */
async function followCall(
  tx: Tx,
  { id: loop, sequence, at, events, before, after, isClosed }: Step,
) {
  const asking = { loop, kind: 'handoff.call' };
  const isOff = before.call !== null && (isClosed || after.call === null);
  if (isOff) await forgetAsked(tx, { ...asking, at });
  for (const event of events) {
    if (event.type !== 'callProposed') continue;
    const range = { from: event.startsAt, until: event.endsAt };
    for (const person of [event.giver, event.to]) {
      await recordAsked(tx, { ...asking, sequence, person, ...range });
    }
  }
}

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});

const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, before } = step;
  switch (command.type) {
    case 'remind':
    case 'lapseQuestion':
    case 'proposeCall':
      return null;
    case 'passOn':
    case 'escalateConfirmation':
      return world.person(command.to).isActive ? null : stale;
    case 'bounce': {
      const isTheirs = ownerInstead(before, world) === null && !world.facts?.isClosed;
      return isTheirs && world.person(command.to).isActive ? null : stale;
    }
    case 'dropReadBack':
      return world.person(command.by).isActive ? stale : null;
    case 'drop': {
      const owner = ownerInstead(before, world);
      return (command.to ?? null) === owner && (owner !== null || world.facts?.isClosed)
        ? null
        : stale;
    }
    case 'confirm':
      if (world.facts?.isClosed) return refused('account.closed');
      if (ownerInstead(before, world) !== null) return refused('handoff.not_custodian');
      return (await guardActor(tx, step, 'handoff.confirm')) ?? guardReader(step);
    case 'offer':
      return (await guardOpener(tx, step, command)) ?? (await guardOffer(tx, step, command));
    case 'reassign':
      return (await guardActor(tx, step, 'handoff.reassign')) ?? guardReceiver(world, command.to);
    case 'readBack':
      return guardActor(tx, step, 'handoff.accept');
    case 'ask':
    case 'answer':
    case 'sendBack':
    case 'revise':
    case 'decline':
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardActor(tx, step, `handoff.${command.type}`);
  }
}

/** A person who may, or the rotation whose recorded step begins this very handoff. */
async function guardOpener(
  tx: Tx,
  step: Step,
  command: Extract<HandoffCommand, { type: 'offer' }>,
): Promise<GuardAnswer> {
  if (command.actor !== undefined) return guardActor(tx, step, 'handoff.start');
  const isRecorded = await isOpenedBy(tx, { id: step.id, by: command.openedBy });
  return isRecorded ? null : refused('authority.forbidden');
}

/** Whoever may do it as one named in the handoff: the rules have compared them with its state. */
const actionsOfTheAsked: readonly Action[] = ['handoff.ask', 'handoff.accept', 'handoff.decline'];

type HandoffAction = Extract<Action, `handoff.${string}`>;

/** Who acts is there, may act for whom they act, and that one may take this step now. */
async function guardActor(tx: Tx, step: Step, action: HandoffAction): Promise<GuardAnswer> {
  const { command, world } = step;
  const party = partyOf(command);
  const actor = present(step.actor, 'who acts');
  for (const person of [actor, party]) {
    if (!world.has(person)) return refused('person.unknown', person);
    if (!world.person(person).isActive) return refused('person.left', person);
  }
  const isOwnStep = party === step.after.giver || actionsOfTheAsked.includes(action);
  if (actor === party && isOwnStep) return null;
  return guardAuthority(tx, step, action);
}

/** By authority as it is in this transaction: the line, the offices, the delegations. */
async function guardAuthority(tx: Tx, step: Step, action: HandoffAction): Promise<GuardAnswer> {
  const { before, after, world, at } = step;
  const party = partyOf(step.command);
  const actor = present(step.actor, 'who acts');
  const people = await loadActors(tx, [actor, party, after.giver], at);
  const known = (id: PersonId) => present(people.get(id), `person ${id}`);
  const giver = known(after.giver);
  const asked = handoffPlan.tasks(before, world).map((task) => task.person);
  const subject = { giver, owner: giver, parties: [], asked, team: giver.team };
  if (actor === party) {
    return may(known(actor), action, subject) ? null : refused('handoff.not_giver');
  }
  const delegation = { actor: known(actor), principal: known(party) };
  if (!decidesFor(delegation.actor, party, action)) return refused('authority.no_delegation');
  return mayOnBehalfOf(delegation, action, subject) ? null : refused('handoff.not_giver');
}

/** Whoever has left since they read it back is given nothing. */
function guardReader({ before, world }: Step): GuardAnswer {
  const by = before.readBack?.by;
  return by === undefined || world.person(by).isActive ? null : refused('person.left', by);
}

function guardReceiver(world: PlanningWorld, receiver: PersonId): GuardAnswer {
  const found = receiverProblem(world, receiver);
  return found && { refused: found };
}

async function guardOffer(
  tx: Tx,
  step: Step,
  { account, giver, receiver }: Extract<HandoffCommand, { type: 'offer' }>,
): Promise<GuardAnswer> {
  const offered = await lockOffered(tx, account);
  if (!offered) return refused('handoff.account_unknown');
  if (step.world.facts?.isClosed) return refused('account.closed');
  if (offered.isInHandoff) return refused('handoff.account_in_handoff');
  if (offered.custodian !== giver) return refused('handoff.not_custodian');
  return guardReceiver(step.world, receiver);
}
