/** Who is who, as the recording transaction plans with them and as authority judges them. */
import { sql } from 'kysely';
import { assert } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import type { PersonId, RegionId, TeamId } from '../domain/id.ts';
import type { PersonFacts } from '../domain/loop.ts';
import type { QuietHours } from '../domain/people/preferences.ts';
import type { Role } from '../domain/people/role.ts';
import type { Query } from './client.ts';
import { maySeePerson } from './visibility.ts';

export interface PlannedPerson {
  readonly facts: PersonFacts;
  readonly zone: string;
  /** The person's own choice; null means the region's. */
  readonly locale: string | null;
  readonly regionLocale: string;
  readonly email: string;
  /** Of their calendar: raised by every change of what is planned with. */
  readonly revision: number;
  /** The newest version that anything is planned with. */
  readonly zoneData: string;
  readonly quiet: QuietHours | null;
}

interface PersonRow {
  readonly id: PersonId;
  readonly region_id: RegionId;
  readonly manager_id: PersonId | null;
  readonly backup_id: PersonId | null;
  readonly is_active: boolean;
  readonly roles: readonly Role[];
  readonly zone: string;
  readonly locale: string | null;
  readonly region_locale: string;
  readonly email: string;
  readonly revision: number;
  readonly seen_revision: number;
  readonly zone_data: string;
  readonly quiet: QuietHours | null;
}

/** Locks are kept between attempts, so only people who came into the line meanwhile can be news. */
const attemptsMax = 4;

/**
 * The given people, their backups, and their managers two levels up, with their calendar revisions
 * held FOR SHARE until the transaction ends. One statement, unless a directory change commits while
 * it waits for a lock: then the rest of the row is older than the revision, and it is read again.
 */
export async function lockPeople(
  query: Query,
  ids: readonly PersonId[],
): Promise<readonly PlannedPerson[]> {
  let rows = await lockRows(query, ids);
  for (let attempt = 1; rows.some((row) => row.revision !== row.seen_revision); attempt++) {
    assert(attempt < attemptsMax, 'people locked for planning stay as they are');
    rows = await lockRows(query, ids);
  }
  return rows.map(plannedPerson);
}

async function lockRows(query: Query, ids: readonly PersonId[]): Promise<readonly PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    WITH asked AS (
      SELECT id, manager_id, backup_id FROM person WHERE id = ANY (${ids}::text[])
    ), wanted AS (
      SELECT id FROM asked
      UNION SELECT backup_id FROM asked
      UNION SELECT manager_id FROM asked
      UNION SELECT m.manager_id FROM asked a JOIN person m ON m.id = a.manager_id
    ), seen AS MATERIALIZED (
      SELECT person_id, revision FROM calendar_revision WHERE person_id IN (SELECT id FROM wanted)
    )
    SELECT p.id, p.region_id, p.manager_id, p.backup_id, p.left_at IS NULL AS is_active,
      ARRAY(SELECT DISTINCT role FROM person_role WHERE person_id = p.id ORDER BY role) AS roles,
      p.zone, p.locale, g.locale AS region_locale, p.email,
      r.revision, seen.revision AS seen_revision, (SELECT version FROM zone_data) AS zone_data,
      (SELECT jsonb_build_object('from', quiet_from, 'until', quiet_until) FROM preference
        WHERE person_id = p.id AND quiet_from IS NOT NULL) AS quiet
    FROM seen
    JOIN person p ON p.id = seen.person_id
    JOIN region g ON g.id = p.region_id
    JOIN calendar_revision r ON r.person_id = p.id
    ORDER BY p.id
    FOR SHARE OF r`.execute(query);
  return rows;
}

function plannedPerson(row: PersonRow): PlannedPerson {
  return {
    facts: {
      id: row.id,
      isActive: row.is_active,
      region: row.region_id,
      manager: row.manager_id,
      backup: row.backup_id,
      roles: row.roles,
    },
    zone: row.zone,
    locale: row.locale,
    regionLocale: row.region_locale,
    email: row.email,
    revision: row.revision,
    zoneData: row.zone_data,
    quiet: row.quiet,
  };
}

/** What colleagues see of each other. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  /** Their own choice, or their region's. */
  readonly locale: string;
  readonly zone: string;
  readonly region: RegionId;
  readonly team: TeamId;
  readonly manager: PersonId | null;
  readonly backup: PersonId | null;
  readonly isActive: boolean;
}

const personColumns = sql`
  person.id, person.name, person.email, coalesce(person.locale, region.locale) AS locale, person.zone,
  person.region_id AS region, person.team_id AS team, person.manager_id AS manager,
  person.backup_id AS backup, person.left_at IS NULL AS "isActive"`;

/** Null when nobody has this id, or when the actor may not see them: nobody can tell which. */
export async function findPerson(query: Query, actor: Actor, id: PersonId): Promise<Person | null> {
  const { rows } = await sql<Person>`
    SELECT ${personColumns} FROM person JOIN region ON region.id = person.region_id
    WHERE person.id = ${id} AND ${maySeePerson(actor, sql.ref('person.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface PersonPage {
  readonly actor: Actor;
  /** The last id of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Whom the actor may see and who has not left, by id. */
export async function listPeople(query: Query, page: PersonPage): Promise<readonly Person[]> {
  const { rows } = await sql<Person>`
    SELECT ${personColumns} FROM person JOIN region ON region.id = person.region_id
    WHERE person.id > ${page.after ?? ''} AND person.left_at IS NULL
      AND ${maySeePerson(page.actor, sql.ref('person.id'))}
    ORDER BY person.id LIMIT ${page.limit}`.execute(query);
  return rows;
}

/** Names of those of `ids` that exist, for readers who may know them by what they read. */
export async function personNames(
  query: Query,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, string>> {
  const { rows } = await sql<{ id: PersonId; name: string }>`
    SELECT id, name FROM person WHERE id = ANY (${ids}::text[])`.execute(query);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Those of `ids` that the actor may see, and whether each is still here. */
export async function visiblePeople(
  query: Query,
  actor: Actor,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, { readonly isActive: boolean }>> {
  const { rows } = await sql<{ id: PersonId; isActive: boolean }>`
    SELECT id, left_at IS NULL AS "isActive" FROM person
    WHERE id = ANY (${ids}::text[]) AND ${maySeePerson(actor, sql.ref('person.id'))}`.execute(
    query,
  );
  return new Map(rows.map(({ id, isActive }) => [id, { isActive }]));
}
