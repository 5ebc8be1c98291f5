/** What roles ask for, as the directory file has it. */
import { type RawBuilder, sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Levels } from '../domain/people/competency-gap.ts';
import type { Query } from './client.ts';

interface TargetsAsked {
  /** The person's, as columns of the statement. */
  readonly person: RawBuilder<unknown>;
  readonly region: RawBuilder<unknown>;
  /** Such as `2027-01-01`. */
  readonly day: string;
}

/** `targetsOf` of `domain/people/target-profile.ts` within a statement: levels by competency. */
export const targetsOfPerson = ({ person, region, day }: TargetsAsked): RawBuilder<Levels> => sql`(
  SELECT coalesce(jsonb_object_agg(asked.competency, asked.level), '{}') FROM (
    SELECT DISTINCT ON (line.competency) line.competency, line.level
    FROM (SELECT 'member' AS role
      UNION SELECT held.role FROM person_role held WHERE held.person_id = ${person}) role
    CROSS JOIN LATERAL (
      SELECT version.region_id, version.valid_from FROM target_profile version
      WHERE version.role = role.role AND version.valid_from <= ${day}::date
        AND (version.region_id = ${region} OR version.region_id IS NULL)
      ORDER BY version.region_id NULLS LAST, version.valid_from DESC LIMIT 1) profile
    JOIN target_profile line ON line.role = role.role AND line.valid_from = profile.valid_from
      AND line.region_id IS NOT DISTINCT FROM profile.region_id
    JOIN competency_level level ON level.key = line.level
    ORDER BY line.competency, level.rank DESC) asked)`;

export async function findTargets(
  query: Query,
  { person, day }: { readonly person: PersonId; readonly day: string },
): Promise<Levels> {
  const targets = targetsOfPerson({ person: sql`p.id`, region: sql`p.region_id`, day });
  const { rows } = await sql<{ targets: Levels }>`
    SELECT ${targets} AS targets FROM person p WHERE p.id = ${person}`.execute(query);
  return rows[0]?.targets ?? {};
}
