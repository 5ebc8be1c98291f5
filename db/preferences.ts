/** What people said of how they want to be reached. */
import type { PersonId } from '../domain/id.ts';
import type {
  ChannelName,
  DigestRhythm,
  HourCycle,
  Preferences,
} from '../domain/people/preferences.ts';
import type { Query } from './client.ts';

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
