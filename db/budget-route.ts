/** The part of the directory that a route is planned with: whoever its rules name, and their lines. */
import { sql } from 'kysely';
import type { RoutePerson, RouteStep, RouteWorld } from '../domain/budget/route.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { Query } from './client.ts';

interface RouteOf {
  readonly requester: PersonId;
  readonly region: RegionId;
  readonly rules: readonly RouteStep[];
  readonly others: readonly PersonId[];
}

/** Delegations are the engine's: it moves the tasks of whoever is named here. */
export async function loadRouteWorld(
  query: Query,
  { requester, region, rules, others }: RouteOf,
): Promise<RouteWorld> {
  const asked = rules.flatMap((rule) => rule.asked);
  const offices = asked.flatMap((one) => ('role' in one ? [one.role] : []));
  const named = asked.flatMap((one) => ('person' in one ? [one.person] : []));
  const { rows } = await sql<RoutePerson>`
    WITH RECURSIVE line AS (
      SELECT id FROM person WHERE id = ANY (${[requester, ...named, ...others]}::text[])
      UNION SELECT person_id FROM person_role
        WHERE role = ANY (${offices}::text[]) AND (region_id IS NULL OR region_id = ${region})
      UNION SELECT manager_id FROM region
        WHERE id = ${region} AND manager_id IS NOT NULL AND 'regional-manager' = ANY (${offices}::text[])
      UNION SELECT p.manager_id FROM line JOIN person p ON p.id = line.id
        WHERE p.manager_id IS NOT NULL)
    SELECT p.id, p.left_at IS NULL AS "isActive", p.manager_id AS manager,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region)), '[]') FROM (
        SELECT role, region_id AS region FROM person_role WHERE person_id = p.id
        UNION SELECT 'regional-manager', id FROM region WHERE manager_id = p.id) g) AS roles
    FROM line JOIN person p ON p.id = line.id`.execute(query);
  return { people: new Map(rows.map((row) => [row.id, row])), delegates: new Map() };
}
