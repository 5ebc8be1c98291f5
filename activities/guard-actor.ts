/** Whether who acts may take a step, by people, offices and delegations as they are in its transaction. */
import type { Transaction } from 'kysely';
import { loadActors } from '../db/actors.ts';
import type { DB } from '../db/schema.ts';
import { present } from '../domain/assert.ts';
import { decidesFor, may, mayOnBehalfOf, type Action, type Actor } from '../domain/authority.ts';
import { organisation, type SubjectOf } from '../domain/subjects.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, type ProblemCode } from '../domain/problem.ts';
import type { GuardAnswer } from './loop-record.ts';

interface ActedStep {
  readonly at: Instant;
  readonly actor: PersonId | null;
  readonly onBehalfOf: PersonId | null;
}

interface Asked<A extends Action> {
  readonly action: A;
  /** Who else is needed to say what it is about. */
  readonly others?: readonly PersonId[];
  subject(known: (id: PersonId) => Actor): SubjectOf[A];
  /** The rules have compared the party with whom they ask: only who acts for another is judged. */
  readonly isOfTheAsked?: boolean;
  readonly otherwise: ProblemCode;
}

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});

export async function guardActor<A extends Action>(
  tx: Transaction<DB>,
  step: ActedStep,
  { action, others = [], subject, isOfTheAsked = false, otherwise }: Asked<A>,
): Promise<GuardAnswer> {
  const actor = present(step.actor, 'who acts');
  const party = step.onBehalfOf ?? actor;
  const people = await loadActors(tx, [actor, party, ...others], step.at);
  for (const person of [actor, party]) {
    const known = people.get(person);
    if (!known) return refused('person.unknown', person);
    if (!known.isActive) return refused('person.left', person);
  }
  const known = (id: PersonId): Actor => present(people.get(id), `person ${id}`);
  if (actor === party) {
    return isOfTheAsked || may(known(actor), action, subject(known)) ? null : refused(otherwise);
  }
  const delegation = { actor: known(actor), principal: known(party) };
  if (!decidesFor(delegation.actor, party, action)) return refused('authority.no_delegation');
  return mayOnBehalfOf(delegation, action, subject(known)) ? null : refused(otherwise);
}

/** What only those who keep the engine running may do. */
export const guardOperator = (tx: Transaction<DB>, step: ActedStep): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action: 'loops.operate',
    subject: () => organisation,
    otherwise: 'authority.forbidden',
  });
