/** Whose calendar has what is called off, and who is told nothing else with this step. */
import { entryHolders } from '../db/calendar-entries.ts';
import type { Transaction } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { DB } from '../db/schema.ts';
import type { LoadedWorld } from '../db/planning-world.ts';
import { type AnyPlan, schedule, type ScheduledNotice } from './plan-step.ts';

interface Step {
  readonly id: LoopId;
  readonly at: Instant;
  readonly events: readonly unknown[];
  readonly parties: readonly PersonId[];
  readonly told: readonly ScheduledNotice[];
}

/** Also whoever called it off: their calendar does not know of it. */
export async function tellCalledOff(
  tx: Transaction<DB>,
  plan: AnyPlan,
  {
    step: { id, at, events, parties, told },
    world,
  }: { readonly step: Step; readonly world: LoadedWorld },
): Promise<readonly ScheduledNotice[]> {
  if (!events.some((event) => plan.callsOff?.(event))) return [];
  const known = new Set(told.map(({ to }) => to));
  if (parties.every((person) => known.has(person))) return [];
  const holders = await entryHolders(tx, id, at);
  return holders
    .filter(({ person }) => !known.has(person) && world.has(person))
    .map(({ person: to, key, params }) => {
      const what = { sentence: `${key}.subject`, params };
      const called = { what, calledOff: { instant: at } };
      return schedule({ to, key: 'message.called_off', params: called, urgency: 'working' }, world);
    });
}
