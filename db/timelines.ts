/** What happened to a loop of any kind. */
import { sql } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface TimelineEntry<Event> {
  readonly sequence: number;
  readonly at: Instant;
  readonly actor: PersonId | null;
  readonly onBehalfOf: PersonId | null;
  readonly event: Event;
}

const entriesMax = 1_000;

/** One entry an event, the oldest first; of a loop that lives for years, the latest ones. */
export async function loopTimeline<Event>(
  query: Query,
  id: LoopId,
): Promise<readonly TimelineEntry<Event>[]> {
  const { rows } = await sql<TimelineEntry<Event>>`
    SELECT t.sequence, t.at, t.actor_id AS actor, t.on_behalf_of AS "onBehalfOf", e.event
    FROM transition t
    CROSS JOIN LATERAL jsonb_array_elements(t.events) WITH ORDINALITY AS e (event, position)
    WHERE t.loop_id = ${id}
    ORDER BY t.sequence DESC, e.position DESC LIMIT ${entriesMax}`.execute(query);
  return rows.toReversed();
}
