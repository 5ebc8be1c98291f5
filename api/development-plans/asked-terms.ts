/** Terms as they were sent: with how each goal is rated now, and the instant after the last day. */
import type { z } from '@hono/zod-openapi';
import { gapsToGoals, goalsFor } from '../../db/development-plans.ts';
import { findPerson, visiblePeople } from '../../db/people.ts';
import type { Query } from '../../db/client.ts';
import type { Actor } from '../../domain/authority.ts';
import { goalsMax, type PlanTerms } from '../../domain/development-plan/state.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { termsShape } from './schema.ts';

export async function askedTerms(
  db: Query,
  actor: Actor,
  {
    subject,
    sent,
    before,
  }: {
    readonly subject: PersonId;
    readonly sent: z.output<typeof termsShape>;
    /** Goals that stay begin where they began. */
    readonly before: PlanTerms | null;
  },
): Promise<PlanTerms> {
  const person = await findPerson(db, actor, subject);
  if (!person) throw new Refusal(problem('person.unknown', { person: subject }));
  const coach = (sent.coach ?? null) as PersonId | null;
  if (coach !== null && !(await visiblePeople(db, actor, [coach])).has(coach)) {
    throw new Refusal(problem('person.unknown', { person: coach }));
  }
  const asked = sent.goals ?? before?.goals ?? (await gapsToGoals(db, subject, goalsMax));
  const now = await goalsFor(
    db,
    subject,
    asked.map(({ competency, to }) => ({ competency, to })),
  );
  const goals = now.map(
    (goal) =>
      before?.goals.find((one) => one.competency === goal.competency && one.to === goal.to) ?? goal,
  );
  const { lastDay, reviewDays } = sent;
  const endsAt = spanOf({ firstDay: lastDay, lastDay }, person.zone).until;
  return { goals, lastDay, endsAt, reviewDays, coach };
}
