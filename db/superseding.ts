/** Of messages that say the same kind of thing only the newest counts. */
import { type RawBuilder, sql } from 'kysely';

interface Newer {
  readonly recipient: RawBuilder<unknown>;
  readonly key: RawBuilder<unknown>;
  /** Kind of the task that it asks for. */
  readonly asks: RawBuilder<unknown>;
}

/** A condition: of one loop, for one person and of one kind. `former` is a row of `notice`. */
export const takesPlaceOf = (former: string, { recipient, key, asks }: Newer) => {
  const of = sql.table(former);
  return sql<boolean>`((${recipient}, ${key}) = (${of}.recipient_id, ${of}.key)
    -- What asks for another thing that is still to be done is not said by the newer one.
    AND NOT EXISTS (SELECT FROM task t WHERE t.id = ${of}.task_id
      AND t.closed_sequence IS NULL AND t.kind <> ${asks}))`;
};
