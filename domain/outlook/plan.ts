/** Whom a finding waits for, and what the clock does meanwhile, in the working time of the one asked. */
import type { PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { askedFor } from '../people/delegation.ts';
import { superiorOf } from '../people/line.ts';
import { Refusal } from '../problem.ts';
import { outlookNotices } from './notices.ts';
import {
  escalationsMax,
  type OutlookCommand,
  type OutlookEvent,
  type OutlookState,
  reminderPercents,
} from './state.ts';

export const outlookPlan: LoopPlan<OutlookState, OutlookCommand, OutlookEvent> = {
  parties,
  account: ({ account }) => account,
  isDelegated: true,
  tasks,
  moments,
  notices: outlookNotices,
  contents: (event) => (event.type === 'acknowledged' ? [event.reason] : []),
  isMaterial: (event) => event.type !== 'reminded',
};

function parties({ status, owner, asked, waitsFor }: OutlookState): readonly PersonId[] {
  return status === 'new' ? [] : [...new Set([owner, asked, waitsFor])];
}

function tasks(state: OutlookState, world: PlanningWorld): readonly OpenTask[] {
  if (state.status !== 'open') return [];
  const { waitsFor, since } = state;
  const dueAt = workedBy(state, { percent: 100, world });
  return [{ kind: 'outlook.settle', ...askedFor(waitsFor, world), since, dueAt }];
}

interface Share {
  readonly percent: number;
  readonly world: PlanningWorld;
}

/** Null for somebody who has left or never works. */
function workedBy(
  { since, allowanceMinutes, waitsFor }: OutlookState,
  { percent, world }: Share,
): Instant | null {
  const decider = world.decider(waitsFor);
  if (!world.person(decider).isActive) return null;
  try {
    return world.working(decider).add(since, (allowanceMinutes * percent) / 100);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

type Planned = Moment<OutlookCommand>;

function moments(state: OutlookState, world: PlanningWorld): readonly Planned[] {
  const { status, since, acceptedUntil } = state;
  if (status === 'accepted' && acceptedUntil !== null) {
    const command = { type: 'askAgain', since } as const;
    return [{ id: `askAgain/${since}`, at: acceptedUntil, rank: 0, command }];
  }
  return status === 'open' ? [...reminders(state, world), ...escalation(state, world)] : [];
}

const reminders = (state: OutlookState, world: PlanningWorld): readonly Planned[] =>
  reminderPercents.slice(state.reminders).flatMap((percent, rank): Planned[] => {
    const { since, waitsFor } = state;
    const at = workedBy(state, { percent, world });
    const command = { type: 'remind', since, percent } as const;
    return at === null
      ? []
      : [{ id: `remind/${percent}/${since}`, at, rank, command, of: world.decider(waitsFor) }];
  });

/** At once from somebody who has left or never works. */
function escalation(state: OutlookState, world: PlanningWorld): readonly Planned[] {
  const { since, waitsFor, escalations } = state;
  const to = escalations < escalationsMax ? superiorOf(waitsFor, world) : null;
  if (to === null || to === waitsFor) return [];
  const end = workedBy(state, { percent: 100, world });
  const command = { type: 'escalate', since, to } as const;
  const rank = reminderPercents.length;
  const escalate = { id: `escalate/${since}`, at: end ?? since, rank, command };
  return [{ ...escalate, ...(end !== null && { of: world.decider(waitsFor) }) }];
}
