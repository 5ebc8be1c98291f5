/** What a handoff checks and moves in the transaction that records its step. */
import { sql, type Transaction } from 'kysely';
import { moveCustody } from '../../db/accounts.ts';
import { mayDecideFor } from '../../db/delegations.ts';
import { projectHandoff } from '../../db/handoffs.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { partyOf } from '../../domain/handoff/decide.ts';
import type { HandoffCommand, HandoffEvent, HandoffState } from '../../domain/handoff/state.ts';
import type { PersonId } from '../../domain/id.ts';
import type { PlanningWorld } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<HandoffState, HandoffCommand, HandoffEvent>;
type Tx = Transaction<DB>;

export const handoffRecord: LoopRecord<HandoffState, HandoffCommand, HandoffEvent> = {
  guard,
  async project(tx, step) {
    await projectHandoff(tx, step);
    const { account, custodian, giver } = step.after;
    const hasMoved = custodian !== null && step.before.custodian === null && custodian !== giver;
    if (!hasMoved) return;
    const to = custodian;
    await moveCustody(tx, {
      account: present(account, 'the account'),
      to,
      at: step.at,
      by: step.id,
    });
  },
};

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'remind':
    case 'lapseQuestion':
      return null;
    case 'passOn':
    case 'escalateConfirmation':
    case 'bounce':
      return world.person(command.to).isActive ? null : { stale: problem('loop.stale_plan') };
    case 'offer':
      return (await guardActor(tx, step)) ?? (await guardOffer(tx, step, command));
    case 'reassign':
      return (await guardActor(tx, step)) ?? guardReceiver(world, command.to);
    case 'ask':
    case 'answer':
    case 'readBack':
    case 'confirm':
    case 'decline':
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardActor(tx, step);
  }
}

/** Who acts is there, may act for whom they act, and that one may take this step now. */
async function guardActor(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, at } = step;
  const party = partyOf(command);
  const actor = present(step.actor, 'who acts');
  for (const person of [actor, party]) {
    if (!world.has(person)) return refused('person.unknown', person);
    if (!world.person(person).isActive) return refused('person.left', person);
  }
  if (actor !== party && !(await mayDecideFor(tx, { principal: party, delegate: actor, at }))) {
    return refused('authority.no_delegation');
  }
  const giver = command.type === 'offer' ? command.giver : step.before.giver;
  return mayStep(command.type, party, giver, world) ? null : refused('handoff.not_giver');
}

/** The giver's steps are open to their manager; steering, to the line above and to operators. */
function mayStep(
  type: HandoffCommand['type'] | 'hold' | 'resume',
  party: PersonId,
  giver: PersonId,
  world: PlanningWorld,
): boolean {
  const manager = world.person(giver).manager;
  const above = manager === null ? null : world.person(manager).manager;
  switch (type) {
    case 'answer':
    case 'confirm':
      return party === giver || party === manager;
    case 'offer':
    case 'withdraw':
    case 'reassign':
    case 'hold':
    case 'resume':
      return (
        [giver, manager, above].includes(party) ||
        world.person(party).roles.some((role) => role === 'operator' || role === 'admin')
      );
    case 'ask':
    case 'readBack':
    case 'decline':
    case 'remind':
    case 'passOn':
    case 'lapseQuestion':
    case 'escalateConfirmation':
    case 'bounce':
      return true; // the rules hold these to whom they ask
  }
}

function guardReceiver(world: PlanningWorld, receiver: PersonId): GuardAnswer {
  if (!world.person(receiver).isActive) return refused('person.left', receiver);
  world.working(receiver).nextWorking(world.at); // refuses whoever never works
  return null;
}

interface AccountNow {
  readonly custodian: PersonId | null;
  readonly isInHandoff: boolean;
}

async function guardOffer(
  tx: Tx,
  step: Step,
  { account, giver, receiver }: Extract<HandoffCommand, { type: 'offer' }>,
): Promise<GuardAnswer> {
  const { rows } = await sql<AccountNow>`
    SELECT (SELECT owner_id FROM custody WHERE account_id = a.id AND upper_inf(period)) AS custodian,
      EXISTS (SELECT FROM handoff WHERE account_id = a.id AND closed_at IS NULL) AS "isInHandoff"
    FROM account a WHERE a.id = ${account} FOR UPDATE`.execute(tx);
  const [now] = rows;
  if (!now) return refused('handoff.account_unknown');
  if (now.isInHandoff) return refused('handoff.account_in_handoff');
  if (now.custodian !== giver) return refused('handoff.not_custodian');
  return guardReceiver(step.world, receiver);
}
