import { loadActor } from '../db/actors.ts';
import { decidesFor, may, mayOnBehalfOf, type Action, type Actor } from '../domain/authority.ts';
import type { SubjectOf } from '../domain/subjects.ts';
import type { PersonId } from '../domain/id.ts';
import { problem, Refusal, type ProblemCode } from '../domain/problem.ts';
import type { Database } from '../db/client.ts';
import type { ByPerson, Instant } from '../domain/loop.ts';

export interface Authorised<A extends Action> {
  readonly actor: Actor;
  readonly onBehalfOf: string | undefined;
  readonly action: A;
  readonly subject: SubjectOf[A];
  readonly otherwise: ProblemCode;
}

/** Refuses early what the record would refuse; the record looks again when the step settles. */
export async function authorise<A extends Action>(
  { db, clock }: { readonly db: Database; readonly clock: { now(): Instant } },
  { actor, onBehalfOf, action, subject, otherwise }: Authorised<A>,
): Promise<void> {
  if (onBehalfOf === undefined || onBehalfOf === actor.id) {
    if (!may(actor, action, subject)) throw new Refusal(problem(otherwise));
    return;
  }
  const id = onBehalfOf as PersonId;
  const principal = decidesFor(actor, id, action) ? await loadActor(db, id, clock.now()) : null;
  if (!principal) throw new Refusal(problem('authority.no_delegation'));
  if (!mayOnBehalfOf({ actor, principal }, action, subject)) throw new Refusal(problem(otherwise));
}

/** Who acts and, under a delegation, for whom. */
export const actingAs = (actor: Actor, onBehalfOf: string | undefined): ByPerson =>
  onBehalfOf === undefined || onBehalfOf === actor.id
    ? { actor: actor.id }
    : { actor: actor.id, onBehalfOf: onBehalfOf as PersonId };
