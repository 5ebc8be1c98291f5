/** Of messages that say the same kind of thing only the newest counts. */
import { type RawBuilder, sql } from 'kysely';

interface Newer {
  readonly recipient: RawBuilder<unknown>;
  readonly key: RawBuilder<unknown>;
  readonly params: RawBuilder<unknown>;
  /** Kind of the task that it asks for. */
  readonly asks: RawBuilder<unknown>;
}

/**
 * What a message is about: all that it names, each thing that has an id of its own and what is one of
 * several. Times, amounts, numbers and words of ours are what it says of that, and a newer one says them anew.
 */
const namedIn = (params: RawBuilder<unknown>) => sql`(
  SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}') FROM jsonb_each(${params}) one
  WHERE jsonb_typeof(one.value) = 'string' OR (jsonb_typeof(one.value) = 'object'
    AND NOT one.value ?| ARRAY['instant', 'day', 'money', 'term', 'sentence']))`;

/** A condition: of one loop, for one person, of one kind and about the same. `former` is a row of `notice`. */
export const takesPlaceOf = (former: string, { recipient, key, params, asks }: Newer) => {
  const of = sql.table(former);
  return sql<boolean>`((${recipient}, ${key}) = (${of}.recipient_id, ${of}.key)
    AND ${namedIn(params)} = ${namedIn(sql`${of}.params`)}
    -- What asks for another thing that is still to be done is not said by the newer one.
    AND NOT EXISTS (SELECT FROM task t WHERE t.id = ${of}.task_id
      AND t.closed_sequence IS NULL AND t.kind <> ${asks}))`;
};
