/** What other systems are to be told of a step: planned with it, in its statement. */
import { sql, type RawBuilder } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { untoldEventTypes } from '../domain/webhook/event-types.ts';

interface Step {
  readonly id: LoopId;
  readonly sequence: number;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly parties: readonly PersonId[];
}

/**
 * Of the transaction of a step, after `events` of it (jsonb): one row for each endpoint that wants one
 * of them, with the body it is told. Ids, names of events and an instant; nothing of people.
 */
export const plannedDeliveries = (step: Step, events: RawBuilder<unknown>) => sql`
  INSERT INTO webhook_delivery (id, endpoint_id, loop_id, sequence, body, planned_at, next_try_at)
  SELECT gen_random_uuid(), e.id, ${step.id}, ${step.sequence},
    json_build_object('type', wanted.types[1],
      'timestamp', ${new Date(step.at).toISOString()}::text,
      'data', json_build_object('loop', l.loop, 'id', l.id, 'sequence', ${step.sequence}::int,
        'events', wanted.types))::text,
    ${step.recordedAt}::timestamptz, ${step.recordedAt}::timestamptz
  FROM webhook_endpoint e
  JOIN loop_instance l ON l.id = ${step.id}
  CROSS JOIN LATERAL (
    SELECT array_agg(name ORDER BY number) AS types FROM (
      SELECT l.loop || '.' || (event->>'type') AS name, number
      FROM jsonb_array_elements(${events}) WITH ORDINALITY AS given (event, number)
    ) AS named
    WHERE name <> ALL (${untoldEventTypes}::text[])
      AND (cardinality(e.event_types) = 0 OR name = ANY (e.event_types))
  ) AS wanted
  WHERE e.disabled_at IS NULL AND wanted.types IS NOT NULL AND (e.region_id IS NULL OR EXISTS (
    SELECT FROM person p WHERE p.id = ANY (${step.parties}::text[]) AND p.region_id = e.region_id
  ))
  RETURNING id`;
