/** Whom a review waits for, and what the clock does meanwhile, in the working time of the one asked. */
import type { PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { askedFor } from '../people/delegation.ts';
import { superiorOf } from '../people/line.ts';
import { Refusal } from '../problem.ts';
import { holidayReviewNotices } from './notices.ts';
import {
  reminderPercents,
  type HolidayReviewCommand,
  type HolidayReviewEvent,
  type HolidayReviewState,
} from './state.ts';

export const holidayReviewPlan: LoopPlan<
  HolidayReviewState,
  HolidayReviewCommand,
  HolidayReviewEvent
> = {
  parties,
  account: () => null,
  isDelegated: true,
  tasks,
  moments,
  notices: holidayReviewNotices,
  contents: () => [],
  isMaterial: (event) => event.type !== 'reminded',
};

function parties({ status, reviewer, alsoAsked }: HolidayReviewState): readonly PersonId[] {
  if (status === 'new') return [];
  return alsoAsked === null ? [reviewer] : [reviewer, alsoAsked];
}

/** Both are asked until the day begins; the deadline is when somebody else is asked too. */
function tasks(state: HolidayReviewState, world: PlanningWorld): readonly OpenTask[] {
  if (state.status !== 'asked') return [];
  return parties(state).map((person) => ({
    kind: 'holidayReview.review',
    ...askedFor(person, world),
    since: state.since,
    dueAt: dueAt(state, person, world),
  }));
}

/** Never after the day has begun: then nobody needs an answer any more. */
function dueAt(state: HolidayReviewState, person: PersonId, world: PlanningWorld): Instant {
  return Math.min(
    workedBy(state, person, { percent: 100, world }) ?? state.beginsAt,
    state.beginsAt,
  );
}

interface Share {
  readonly percent: number;
  readonly world: PlanningWorld;
}

/** Null for somebody who has left or never works. */
function workedBy(
  { since, allowanceMinutes }: HolidayReviewState,
  person: PersonId,
  { percent, world }: Share,
): Instant | null {
  const decider = world.decider(person);
  if (!world.person(decider).isActive) return null;
  try {
    return world.working(decider).add(since, (allowanceMinutes * percent) / 100);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

type Planned = Moment<HolidayReviewCommand>;

function moments(state: HolidayReviewState, world: PlanningWorld): readonly Planned[] {
  if (state.status !== 'asked') return [];
  const { since, beginsAt } = state;
  const lapse: Planned = { id: 'lapse', at: beginsAt, rank: 9, command: { type: 'lapse' } };
  const person = state.alsoAsked ?? state.reviewer;
  const of = world.decider(person);
  const end = workedBy(state, person, { percent: 100, world });
  const reminders =
    end === null
      ? []
      : reminderPercents.slice(state.reminders).flatMap((percent, index): Planned[] => {
          const at = workedBy(state, person, { percent, world });
          const id = `remind/${percent}/${since}`;
          const command = { type: 'remind', since, percent } as const;
          return at === null ? [] : [{ id, at, rank: index, command, of }];
        });
  const to = state.alsoAsked === null ? superiorOf(state.reviewer, world) : null;
  const escalation: readonly Planned[] =
    to === null
      ? []
      : [
          {
            id: `escalate/${since}`,
            at: end ?? since,
            rank: reminderPercents.length,
            command: { type: 'escalate', since, to },
            ...(end !== null && { of }),
          },
        ];
  return [...[...reminders, ...escalation].filter(({ at }) => at < beginsAt), lapse];
}
