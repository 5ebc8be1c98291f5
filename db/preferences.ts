/** What people said of how they want to be reached. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type {
  ChannelName,
  DigestRhythm,
  HourCycle,
  Preferences,
} from '../domain/people/preferences.ts';
import type { Database, Query } from './client.ts';

const nothingSaid: Preferences = {
  channels: null,
  quiet: null,
  digest: null,
  hourCycle: null,
  revision: 0,
};

/** Of each; whoever never said anything has `revision` 0. */
export async function loadPreferences(
  query: Query,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Preferences>> {
  const rows = await query
    .selectFrom('preference')
    .selectAll()
    .where('person_id', 'in', people.length === 0 ? [''] : people)
    .execute();
  const said = new Map(rows.map((row) => [row.person_id, preferencesOf(row)]));
  return new Map(people.map((id) => [id, said.get(id) ?? nothingSaid]));
}

interface Row {
  readonly channels: readonly string[] | null;
  readonly quiet_from: number | null;
  readonly quiet_until: number | null;
  readonly digest_every: string | null;
  readonly digest_weekday: number | null;
  readonly digest_minute: number | null;
  readonly hour_cycle: string | null;
  readonly revision: number;
}

const preferencesOf = (row: Row): Preferences => ({
  channels: row.channels as readonly ChannelName[] | null,
  quiet:
    row.quiet_from === null || row.quiet_until === null
      ? null
      : { from: row.quiet_from, until: row.quiet_until },
  digest:
    row.digest_every === null
      ? null
      : {
          every: row.digest_every as DigestRhythm,
          weekday: row.digest_weekday ?? 1,
          minute: row.digest_minute ?? 540,
        },
  hourCycle: row.hour_cycle as HourCycle | null,
  revision: row.revision,
});

const preferenceTurn = (person: PersonId) => sql`hashtext(${`preference/${person}`})`;

export interface SaidPreferences {
  readonly person: PersonId;
  readonly said: Omit<Preferences, 'revision'>;
  readonly at: Instant;
  /** The revision that they were decided upon; absent, whatever there is gives way. */
  readonly seen?: number;
}

/** As they now stand, or the revision that was found instead of the one seen. */
export async function savePreferences(
  db: Database,
  { person, said, at, seen }: SaidPreferences,
): Promise<Preferences | { readonly found: number }> {
  return db.transaction().execute(async (tx) => {
    // One writer at a time: of two who say it first, the second would else see no row to wait for.
    await sql`SELECT pg_advisory_xact_lock(${preferenceTurn(person)})`.execute(tx);
    const found = (await loadPreferences(tx, [person])).get(person)?.revision ?? 0;
    if (seen !== undefined && seen !== found) return { found };
    const row = {
      channels: said.channels === null ? null : [...said.channels],
      quiet_from: said.quiet?.from ?? null,
      quiet_until: said.quiet?.until ?? null,
      digest_every: said.digest?.every ?? null,
      digest_weekday: said.digest?.weekday ?? null,
      digest_minute: said.digest?.minute ?? null,
      hour_cycle: said.hourCycle,
      revision: found + 1,
      changed_at: at,
    };
    await tx
      .insertInto('preference')
      .values({ person_id: person, ...row })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
      .execute();
    return { ...said, revision: found + 1 };
  });
}

/** No digests any more; whatever asks something still comes. Whether anything changed. */
export async function endDigests(query: Query, person: PersonId, at: Instant): Promise<boolean> {
  // In turn with whoever saves all of them: what they had read before would bring the digests back.
  const { numAffectedRows } = await sql`
    WITH turn AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(${preferenceTurn(person)}) IS NOT NULL AS "isMine"
    )
    INSERT INTO preference (person_id, digest_every, changed_at)
    SELECT ${person}, 'never', ${at}::timestamptz FROM turn WHERE "isMine"
    ON CONFLICT (person_id) DO UPDATE SET digest_every = 'never', changed_at = excluded.changed_at,
      revision = preference.revision + 1
    WHERE preference.digest_every IS DISTINCT FROM 'never'`.execute(query);
  return (numAffectedRows ?? 0n) > 0n;
}
