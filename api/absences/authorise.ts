import { personSubject } from '../../db/actors.ts';
import type { Database } from '../../db/client.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';

/** Oneself, those above, and the region's offices enter an absence; colleagues see that there is one. */
export async function authoriseAbsence(
  db: Database,
  actor: Actor,
  asked: { readonly person: PersonId; readonly action: 'person.view' | 'absence.enter' },
): Promise<void> {
  const person = await personSubject(db, asked.person);
  if (!person || !may(actor, 'person.view', person)) {
    throw new Refusal(problem('request.not_found'));
  }
  if (asked.action === 'absence.enter' && !may(actor, 'absence.enter', person)) {
    throw new Refusal(problem('authority.forbidden'));
  }
}
