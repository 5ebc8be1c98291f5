/** What a cover checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { absenceOf } from '../../db/absences.ts';
import { moveCustody } from '../../db/accounts.ts';
import { loadActors } from '../../db/actors.ts';
import { coverFacts, projectCover } from '../../db/covers.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { may, mayOnBehalfOf, type Action } from '../../domain/authority.ts';
import { askedOf } from '../../domain/cover/decide.ts';
import type { CoverCommand, CoverEvent, CoverFacts, CoverState } from '../../domain/cover/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<CoverState, CoverCommand, CoverEvent, CoverFacts>;
type Tx = Transaction<DB>;

export const coverRecord: LoopRecord<CoverState, CoverCommand, CoverEvent, CoverFacts> = {
  facts: coverFacts,
  guard,
  async project(tx, step) {
    await projectCover(tx, step);
    const to = movesTo(step);
    if (to === null || to === step.world.facts.custodian) return;
    const account = present(step.after.account, 'the account');
    await moveCustody(tx, { account, to, at: step.at, by: step.id });
  },
};

/** Whoever owns the account by this step; what has gone elsewhere meanwhile stays there. */
function movesTo({ before, events, world }: Step): PersonId | null {
  const { custodian } = world.facts;
  for (const event of events) {
    if (event.type === 'begun') return event.to;
    if (event.type === 'replaced' && before.status === 'running') {
      return custodian === before.taker ? event.to : null;
    }
    if (event.type === 'returned') return custodian === before.taker ? event.to : null;
  }
  return null;
}

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, before } = step;
  const { custodian } = world.facts;
  switch (command.type) {
    case 'remind':
    case 'remindHandBack':
    case 'drop':
      return null;
    case 'escalate':
    case 'replace':
      return world.person(command.to).isActive ? null : stale;
    case 'begin':
      return world.person(command.to).isActive && custodian === before.owner ? null : stale;
    case 'end':
      return world.person(command.to).isActive && custodian === before.taker ? null : stale;
    case 'overtake': {
      const holder = before.status === 'running' ? before.taker : before.owner;
      return custodian === holder ? stale : null;
    }
    case 'request':
      return guardRequest(tx, step, command);
    case 'take':
    case 'refuse':
    case 'handBack':
      return guardActor(tx, step, null);
    case 'endEarly':
      return (await guardActor(tx, step, 'cover.end')) ?? guardHolder(step, command.to);
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardActor(tx, step, `cover.${command.type}`);
  }
}

const guardHolder = ({ world }: Step, to: PersonId): GuardAnswer =>
  world.has(to) && world.person(to).isActive ? null : refused('person.left', to);

/** Of the owner of now, for one of the own people or of the account's team, by who may ask. */
async function guardRequest(
  tx: Tx,
  step: Step,
  command: Extract<CoverCommand, { type: 'request' }>,
): Promise<GuardAnswer> {
  const { custodian } = step.world.facts;
  if (custodian === null) return refused('handoff.account_unknown');
  if (custodian !== command.owner) return refused('handoff.not_custodian');
  if (command.actor !== undefined) return guardActor(tx, step, 'cover.request');
  const absence = command.absence === null ? null : await absenceOf(tx, command.absence);
  return absence?.person === command.owner ? null : refused('content.unknown');
}

type CoverAction = Extract<Action, `cover.${string}`>;

/** Who acts is there and may act for whom they act; with an action, that one may take it now. */
async function guardActor(tx: Tx, step: Step, action: CoverAction | null): Promise<GuardAnswer> {
  const { command, after, before, at } = step;
  const actor = present(step.actor, 'who acts');
  const party = partyOf(command);
  const people = await loadActors(tx, [actor, party, after.owner], at);
  for (const person of [actor, party]) {
    const known = people.get(person);
    if (!known) return refused('person.unknown', person);
    if (!known.isActive) return refused('person.left', person);
  }
  const [self, principal] = [present(people.get(actor), 'who acts'), people.get(party)];
  const owner = present(people.get(after.owner), 'the owner');
  const subject = {
    owner,
    asker: after.asker,
    taker: before.taker,
    asked: askedOf(before),
    team: owner.team,
    parties: [],
  };
  if (actor === party) {
    return action === null || may(self, action, subject) ? null : refused('authority.forbidden');
  }
  const delegation = { actor: self, principal: present(principal, 'for whom') };
  if (!self.principals.includes(party)) return refused('authority.no_delegation');
  return action === null || mayOnBehalfOf(delegation, action, subject)
    ? null
    : refused('authority.forbidden');
}
