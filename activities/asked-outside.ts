/** What a step asks of people outside their hours: counted in the transaction that records it. */
import type { Transaction } from 'kysely';
import { askMinutesPolicies, insertAsked } from '../db/fairness.ts';
import type { PlannedNotice } from '../db/loops.ts';
import type { LoadedWorld } from '../db/planning-world.ts';
import type { DB } from '../db/schema.ts';
import { askMinutes } from '../domain/fairness/ask-minutes.ts';
import { askedOutside } from '../domain/fairness/asked.ts';
import type { PersonId } from '../domain/id.ts';
import type { Command, Instant, Proposal } from '../domain/loop.ts';
import { minuteMs, type ZoneData } from '../domain/time/zone.ts';

interface AskingStep {
  readonly proposal: Pick<Proposal<Command, unknown>, 'id' | 'sequence' | 'command'>;
  readonly at: Instant;
  readonly notices: readonly PlannedNotice[];
  readonly world: LoadedWorld;
  readonly zoneData: ZoneData | undefined;
}

/** No statement of its own unless somebody is asked at once who does not work then. */
export async function keepAsked(tx: Transaction<DB>, step: AskingStep): Promise<void> {
  const { at, world, zoneData } = step;
  const { id: loop, sequence } = step.proposal;
  const asked = urgentTo(step).filter(({ to }) => !world.reader(to).clock.isWorking(at));
  if (asked.length === 0) return;
  const people = asked.map(({ to }) => to);
  const policies = await askMinutesPolicies(tx, people, at);
  const rows = asked.flatMap(({ to: person, asks, key }) => {
    const kind = asks ?? key;
    const until = at + askMinutes(policies.get(person), kind) * minuteMs;
    const { calendar, clock } = world.reader(person);
    const cost = askedOutside({ clock, zone: calendar.zone }, { from: at, until }, zoneData);
    return 'reason' in cost ? [] : [{ person, loop, sequence, kind, at, until, ...cost }];
  });
  if (rows.length > 0) await insertAsked(tx, rows);
}

/**
 * Several messages of one step disturb a person once; one that asks for something names it. Whoever
 * takes the step is awake by their own choice.
 */
function urgentTo({ notices, proposal }: AskingStep): readonly PlannedNotice[] {
  const actor = proposal.command?.actor;
  const first = new Map<PersonId, PlannedNotice>();
  for (const notice of notices) {
    if (notice.urgency !== 'now' || notice.to === actor) continue;
    const known = first.get(notice.to);
    if (!known || (known.asks === null && notice.asks !== null)) first.set(notice.to, notice);
  }
  return [...first.values()];
}
