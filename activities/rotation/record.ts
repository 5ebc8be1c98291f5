/** What a rotation checks in the transaction that records its step, and the handoffs that it opens. */
import type { Transaction } from 'kysely';
import { projectRotation, rotationFacts } from '../../db/rotations.ts';
import { recordStandby, settleStandby } from '../../db/standby.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { isEmpty, outcomeOf } from '../../domain/rotation/plan.ts';
import type {
  RotationCommand,
  RotationEvent,
  RotationFacts,
  RotationState,
} from '../../domain/rotation/state.ts';
import { guardActor } from '../guard-actor.ts';
import { offerHandoff } from '../offer-handoff.ts';
import type { GuardAnswer, LoopRecord, Opening, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<RotationState, RotationCommand, RotationEvent, RotationFacts>;
type Tx = Transaction<DB>;

export const rotationRecord: LoopRecord<
  RotationState,
  RotationCommand,
  RotationEvent,
  RotationFacts
> = {
  facts: rotationFacts,
  guard,
  async project(tx, step) {
    await projectRotation(tx, step);
    await keepStandby(tx, step);
    const openings = await Promise.all(step.events.map((event) => openingOf(tx, step, event)));
    return openings.filter((opening) => opening !== null);
  },
};

/** Whoever owns it holds on across the gap, until it goes on, or the rotation ends or is put on hold. */
async function keepStandby(
  tx: Tx,
  { id: loop, sequence, at, after, events, isClosed }: Step,
): Promise<void> {
  const isOff = isClosed || events.some(({ type }) => type === 'held');
  if (isOff) await settleStandby(tx, { loop, at });
  for (const event of events) {
    if (event.type !== 'handedOver') continue;
    await settleStandby(tx, { loop, at });
    const { giver: person, outcome, gapFrom: from, begins: until } = event;
    const holdsOn = outcome === 'offered' || outcome === 'in_handoff';
    if (!holdsOn || person === null || from === undefined || from >= until) continue;
    const account = present(after.account, 'the account');
    await recordStandby(tx, { loop, sequence, account, person, from, until });
  }
}

/** The handoff from whoever owns the account to whose watch it is next. */
async function openingOf(
  tx: Tx,
  { id, after, at }: Step,
  event: Step['events'][number],
): Promise<Opening | null> {
  if (event.type !== 'handedOver' || event.outcome !== 'offered') return null;
  return offerHandoff(tx, {
    by: id,
    at,
    account: present(after.account, 'the account'),
    giver: present(event.giver, 'who owns it'),
    receiver: event.to,
    first: present(after.packet, 'what the rotation began with'),
  });
}

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, before } = step;
  const { facts } = world;
  switch (command.type) {
    case 'handOver': {
      const isAsPlanned =
        world.person(command.to).isActive &&
        command.giver === facts.custodian &&
        command.outcome === outcomeOf(before, facts, command);
      return isAsPlanned ? null : { stale: problem('loop.stale_plan') };
    }
    case 'warn':
      return null;
    case 'stop':
      return facts.isClosed ? null : { stale: problem('loop.stale_plan') };
    case 'empty': {
      const isAsPlanned = command.owner === facts.custodian && isEmpty(before, world);
      return isAsPlanned ? null : { stale: problem('loop.stale_plan') };
    }
    case 'start':
      if (facts.isClosed) return refused('account.closed');
      if (facts.custodian !== command.holder) return refused('rotation.owner_not_member');
      return guardMembers(step, command.members) ?? guardStep(tx, step, 'rotation.start');
    case 'change':
      return (
        guardMembers(step, command.members) ??
        guardOwner(step, command.members) ??
        guardStep(tx, step, 'rotation.change')
      );
    case 'end':
    case 'hold':
    case 'resume':
      return guardStep(tx, step, `rotation.${command.type}`);
  }
}

/** Whoever owns the account as a member stays one while they do: else nobody would hand it over. */
function guardOwner({ world, before }: Step, members: readonly PersonId[]): GuardAnswer {
  const { custodian } = world.facts;
  if (custodian === null || members.includes(custodian)) return null;
  const isMember = before.members.includes(custodian) && world.person(custodian).isActive;
  return isMember ? refused('rotation.owner_not_member') : null;
}

function guardMembers({ world }: Step, members: readonly PersonId[]): GuardAnswer {
  for (const person of members) {
    if (!world.has(person)) return refused('person.unknown', person);
    if (!world.person(person).isActive) return refused('person.left', person);
  }
  return null;
}

type RotationAction = Extract<Action, `rotation.${string}`>;

const guardStep = (tx: Tx, step: Step, action: RotationAction): Promise<GuardAnswer> => {
  const owner = step.world.facts.custodian ?? partyOf(step.command);
  const { members } = step.before.status === 'new' ? step.after : step.before;
  return guardActor(tx, step, {
    action,
    others: [owner, ...members],
    subject(known) {
      const { team } = known(owner);
      const { starter } = step.after;
      return { owner: known(owner), starter, members: members.map(known), team, parties: [] };
    },
    otherwise: 'authority.forbidden',
  });
};
