/** What a development plan plans with beside people: working days, and what was done in what is linked. */
import { sql, type Transaction } from 'kysely';
import { termsOf } from '../domain/development-plan/roles.ts';
import {
  agreeDays,
  closeDays,
  coachDays,
  needDays,
  type PlanFacts,
  type PlanState,
  reviewAnswerDays,
  stallDays,
} from '../domain/development-plan/state.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import { afterWorkingDays } from '../domain/time/working-days.ts';
import { loadCalendars } from './calendars.ts';
import type { DB } from './schema.ts';

export type Calendars = ReadonlyMap<PersonId, WorkingCalendar>;

export async function planFacts(tx: Transaction<DB>, state: PlanState): Promise<PlanFacts> {
  const calendars = await loadCalendars(tx, peopleOf(state));
  return factsOf(state, calendars, Math.max(state.movedAt, await lastDoneIn(tx, state)));
}

/** Whose days are counted. */
export const peopleOf = (state: PlanState): readonly PersonId[] =>
  state.status === 'new'
    ? []
    : [state.subject, state.manager, ...[termsOf(state)?.coach ?? []].flat()];

/** Each deadline in the working days of whoever is asked; a stall in those of the person it is about. */
export function factsOf(state: PlanState, calendars: Calendars, movedAt: Instant): PlanFacts {
  const { subject, manager, pending, looking, review, coachAsked, terms, endedAt } = state;
  const of = (person: PersonId, from: Instant, days: number): Instant =>
    afterWorkingDays(calendars.get(person), from, days);
  // Of whoever of the two needs longer, also once they have agreed: that takes no time from the other.
  const agreeBy = (since: Instant) =>
    Math.max(...[subject, manager].map((person) => of(person, since, agreeDays)));
  const isRunning = state.status === 'running' && terms !== null;
  const found = (since: Instant | undefined) =>
    since === undefined ? null : of(subject, since, needDays);
  return {
    agreeBy: pending && agreeBy(pending.since),
    findBy: { formal: found(looking.formal?.since), onTheJob: found(looking.onTheJob?.since) },
    reviewAt: isRunning ? of(subject, state.reviewedAt, terms.reviewDays) : null,
    reviewDueAt: review && of(subject, review.since, reviewAnswerDays),
    coachDueAt:
      coachAsked === null || !terms?.coach ? null : of(terms.coach, coachAsked.since, coachDays),
    closeDueAt:
      state.status === 'closing'
        ? of(manager, endedAt, closeDays * (state.closeReminders + 1))
        : null,
    stallAt: isRunning ? of(subject, movedAt, stallDays) : null,
  };
}

/** What a person last did in a request or an assignment of the plan; 0 where nothing was. */
async function lastDoneIn(tx: Transaction<DB>, { links }: PlanState): Promise<Instant> {
  if (links.length === 0) return 0;
  const loops = links.map(({ loop }) => loop);
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT max(done.at) AS at FROM (
      SELECT max(at) AS at FROM transition WHERE loop_id = ANY (${loops}::uuid[]) AND actor_id IS NOT NULL
      UNION ALL SELECT max(entered_at) FROM assignment_hours WHERE assignment_id = ANY (${loops}::uuid[])
      UNION ALL SELECT max(proposed_at) FROM assignment_meeting WHERE assignment_id = ANY (${loops}::uuid[])
    ) done`.execute(tx);
  return rows[0]?.at ?? 0;
}
