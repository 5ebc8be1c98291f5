/** What an alert checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import {
  appendItemEvent,
  findActionItem,
  insertActionItems,
  openHandoffOf,
  roomProblem,
} from '../../db/action-items.ts';
import { alertFacts, countOpenAlerts, projectAlert } from '../../db/alerts.ts';
import { isAccountClosed } from '../../db/accounts.ts';
import type { DB } from '../../db/schema.ts';
import { calledOf } from '../../domain/alert/decide.ts';
import { nextCall } from '../../domain/alert/ladder.ts';
import { followerOf, isOutsideFor, type AlertFacts } from '../../domain/alert/plan.ts';
import {
  openAlertsMax,
  type AlertCommand,
  type AlertEvent,
  type AlertState,
} from '../../domain/alert/state.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<AlertState, AlertCommand, AlertEvent, AlertFacts>;
type Tx = Transaction<DB>;

export const alertRecord: LoopRecord<AlertState, AlertCommand, AlertEvent, AlertFacts> = {
  facts: alertFacts,
  guard,
  async project(tx, step) {
    const { command } = step;
    if (command.type === 'raise') await enterItem(tx, step);
    await projectAlert(tx, step);
    if (command.type === 'acknowledge') await followItem(tx, step, 'assigned');
    if (command.type === 'withdraw') await followItem(tx, step, 'dropped');
  },
};

/** It is to be done for the account, whoever is called: the owner has it until somebody takes it. */
async function enterItem(tx: Tx, { id, at, command, after }: Step): Promise<void> {
  const account = present(after.account, 'the account');
  const handoff = await openHandoffOf(tx, account);
  const item = {
    id: after.item,
    account,
    content: present(after.text, 'what it is about'),
    dueAt: after.dueAt,
    owner: after.owner,
    handoff: handoff?.id ?? null,
    isLate: handoff !== null,
  };
  const author = { by: present(command.actor, 'who raised it'), onBehalfOf: command.onBehalfOf };
  await insertActionItems(tx, [item], { ...author, at, commandId: `alert/${id}` });
}

/** Taken: it is theirs now. Withdrawn: it is nobody's any more. What was done stays done. */
async function followItem(
  tx: Tx,
  { at, command, after }: Step,
  type: 'assigned' | 'dropped',
): Promise<void> {
  const account = present(after.account, 'the account');
  const item = await findActionItem(tx, account, after.item);
  if (!item?.isOpen) return;
  const owner = type === 'assigned' ? partyOf(command) : item.owner.id;
  if (type === 'assigned' && owner === item.owner.id) return;
  const by = present(command.actor, 'who acts');
  await appendItemEvent(tx, { item, type, owner }, { by, onBehalfOf: command.onBehalfOf, at });
}

const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, before } = step;
  const { facts } = world;
  switch (command.type) {
    case 'call': {
      const next = facts.isItemOpen ? nextCall(before, facts.people, step.at) : null;
      const isAsPlanned =
        next?.to === command.to &&
        next.reason === command.reason &&
        next.isOutside === command.isOutside;
      return isAsPlanned ? null : stale;
    }
    case 'giveUp':
      return facts.isItemOpen &&
        nextCall(before, facts.people, step.at) === null &&
        (command.isOutside ?? false) === isOutsideFor(facts, command.to, step.at)
        ? null
        : stale;
    case 'follow': {
      const follower = facts.isItemOpen ? followerOf(before, world) : null;
      const isAsPlanned =
        follower?.to === command.to &&
        follower.reason === command.reason &&
        follower.isOutside === command.isOutside;
      return isAsPlanned ? null : stale;
    }
    case 'resolve':
      return facts.isItemOpen ? stale : null;
    case 'raise':
      return (await guardStep(tx, step, 'alert.raise')) ?? guardRaise(tx, step);
    case 'acknowledge':
      return guardStep(tx, step, 'alert.acknowledge');
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardStep(tx, step, `alert.${command.type}`);
  }
}

async function guardRaise(tx: Tx, { after, world }: Step): Promise<GuardAnswer> {
  const account = present(after.account, 'the account');
  if (await isAccountClosed(tx, account)) return { refused: problem('account.closed') };
  if (world.facts.custodian !== after.owner) return stale;
  if ((await countOpenAlerts(tx, account)) >= openAlertsMax) {
    return { refused: problem('alert.too_many', { max: openAlertsMax }) };
  }
  const full = await roomProblem(tx, account);
  return full && { refused: full };
}

type AlertAction = Extract<Action, `alert.${string}`>;

const guardStep = (tx: Tx, step: Step, action: AlertAction): Promise<GuardAnswer> => {
  const { after, before, world } = step;
  const owner = world.facts.custodian ?? after.owner;
  return guardActor(tx, step, {
    action,
    others: [owner],
    subject(known) {
      const { raiser } = after;
      const { team } = known(owner);
      return { owner: known(owner), raiser, called: calledOf(before), team, parties: [] };
    },
    isOfTheAsked: action === 'alert.acknowledge',
    otherwise: 'authority.forbidden',
  });
};
