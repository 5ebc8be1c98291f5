/** What roles ask for, as the directory file has it. */
import { type RawBuilder, sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Levels } from '../domain/people/competency-gap.ts';
import type { Query } from './client.ts';

interface TargetsAsked {
  /** Of whom: a condition on `p`, the person. All of one region. */
  readonly people: RawBuilder<unknown>;
  readonly region: RawBuilder<unknown>;
  /** Such as `2027-01-01`. */
  readonly day: string;
}

/**
 * `targetsOf` of `domain/people/target-profile.ts` for many people at once: `person`, and their
 * `targets` as levels by competency. Whoever is asked for nothing has no row.
 */
export const targetsOfPeople = ({ people, region, day }: TargetsAsked): RawBuilder<unknown> => sql`
  WITH version AS MATERIALIZED (
    SELECT DISTINCT ON (role) role, region_id, valid_from FROM target_profile
    WHERE valid_from <= ${day}::date AND (region_id = ${region} OR region_id IS NULL)
    ORDER BY role, region_id NULLS LAST, valid_from DESC
  ), line AS MATERIALIZED (
    SELECT l.role, l.competency, k.rank FROM version v
    JOIN target_profile l ON l.role = v.role AND l.valid_from = v.valid_from
      AND l.region_id IS NOT DISTINCT FROM v.region_id
    JOIN competency_level k ON k.key = l.level
  ), held AS (
    SELECT p.id AS person, 'member' AS role FROM person p WHERE ${people}
    UNION SELECT h.person_id, h.role FROM person_role h JOIN person p ON p.id = h.person_id
      WHERE ${people}
  ), asked AS (
    SELECT held.person, line.competency, max(line.rank) AS rank
    FROM held JOIN line USING (role) GROUP BY held.person, line.competency
  )
  SELECT asked.person, jsonb_object_agg(asked.competency, k.key) AS targets
  FROM asked JOIN competency_level k USING (rank) GROUP BY asked.person`;

export async function findTargets(
  query: Query,
  { person, day }: { readonly person: PersonId; readonly day: string },
): Promise<Levels> {
  const region = sql`(SELECT region_id FROM person WHERE id = ${person})`;
  const { rows } = await sql<{ targets: Levels }>`
    SELECT targets FROM (${targetsOfPeople({ people: sql`p.id = ${person}`, region, day })}) t`.execute(
    query,
  );
  return rows[0]?.targets ?? {};
}
